// A round of work through the generated TypeScript client: node typescript_client.js <address> <id of a place>
import {
  Configuration, OrderLinesApi, PlacesApi, Problem, ProblemFromJSON, ResponseError, TheServerApi, ThingsApi, TicketsApi,
} from './index';

const [address, place] = process.argv.slice(2);
const configuration = new Configuration({ basePath: address });
const things = new ThingsApi(configuration);

function check(holds: boolean, what: unknown): void {
  if (!holds) throw new Error(`not as it should be: ${JSON.stringify(what)}`);
}

/** The problem that a call ends with. */
async function problem(call: Promise<unknown>): Promise<Problem> {
  try {
    await call;
  } catch (error) {
    if (error instanceof ResponseError) return ProblemFromJSON(await error.response.json());
    throw error;
  }
  throw new Error('the call was answered');
}

async function round(): Promise<void> {
  // Create, with values of many kinds.
  const opens = new Date('2026-11-22T16:50:00.123Z');
  const created = await things.createThingRaw({
    thingCreate: { name: 'Ada’s lamp', level: 3, price: '12.5', opens, place, tags: ['a', 'b'], details: { a: [1, null] } },
    idempotencyKey: 'a key of this round',
  });
  const lamp = await created.value();
  const id = lamp.id ?? '';
  check(created.raw.status === 201 && created.raw.headers.get('Location') === `/api/things/${id}`, lamp);
  check(lamp.price === '12.50' && lamp.opens?.getTime() === opens.getTime() && lamp.version === 1 && lamp.note === null, lamp);

  // Read, whole and in part.
  check((await things.getThing({ id })).name === 'Ada’s lamp', id);
  const part = await things.getThing({ id, fields: ['id', 'price'] });
  check(part.price === '12.50' && part.name === undefined, part);

  // A list in pages.
  for (const number of [0, 1, 2, 3]) await things.createThing({ thingCreate: { name: `Thing ${number}`, level: 1 } });
  const seen: (string | undefined)[] = [];
  let after: string | undefined;
  do {
    const page = await things.listThings({ sort: new Set(['-level', 'name']), limit: 2, after, count: true });
    check(page.total === 5 && page.items.length <= 2, page);
    seen.push(...page.items.map((one) => one.name));
    after = page.next ?? undefined;
  } while (after !== undefined);
  check(seen.join() === 'Ada’s lamp,Thing 0,Thing 1,Thing 2,Thing 3', seen);

  // Change, with and without the right version.
  const changed = await things.updateThing({ id, thingPatch: { state: 'published' }, ifMatch: '"1"' });
  check(changed.version === 2 && changed.state === 'published' && changed.name === 'Ada’s lamp', changed);
  const stale = await problem(things.updateThing({ id, thingPatch: { state: 'retired' }, ifMatch: '"1"' }));
  check(stale.status === 412 && stale.code === 'stale' && stale.type === '/problems/stale', stale);
  const replaced = await things.replaceThing({ id, thingReplace: { name: 'Lamp', level: 9 } });
  check(replaced.price === null && replaced.version === 3, replaced);

  // What is wrong is a problem with its faults.
  const absent = '00000000-0000-4000-8000-000000000007';
  const wrong = await problem(things.createThing({ thingCreate: { name: 'x', level: 1, place: absent } }));
  check(wrong.status === 422 && wrong.code === 'invalid' && wrong.errors?.[0].pointer === '/place', wrong);

  await things.deleteThing({ id, ifMatch: '"3"' });
  check((await problem(things.getThing({ id }))).code === 'not_found', id);

  // A filter with a value, and what relations lead to.
  const tickets = new TicketsApi(configuration);
  const values = { 'arg.least': '8', 'arg.place': 'Here' };
  const filter = 'severity > int(arg.least) && place.name == arg.place';
  const found = (await tickets.listTickets({ filter, arguments: values, expand: ['place', 'nearby'] })).items;
  check(found.length === 1 && found[0].expanded?.place?.name === 'Here', found);
  check(found[0].expanded?.nearby?.[0].name === 'Here', found);
  check((await problem(tickets.listTickets({ filter: 'severity >' }))).status === 400, 'a filter that ends early');

  // A summary.
  const summary = await things.summarizeThings({ group: new Set(['state']), value: new Set(['count()', 'sum(level)']) });
  check(summary.groups[0].state === 'draft' && summary.groups[0].count === 4 && summary.groups[0].sumLevel === 4, summary);

  // A batch whose second operation uses what the first made.
  const { results } = await new TheServerApi(configuration).batch({
    batch: {
      operations: [
        { create: 'tickets', as: 'first', values: { title: 'Made' } },
        { update: 'tickets/@first.id', ifVersion: 1, values: { severity: 3 } },
      ],
    },
  });
  check(results[0].id === results[1].id && results[1].version === 2 && results[1].severity === 3, results);

  // A name of several words, and a collection that is only read.
  const line = await new OrderLinesApi(configuration).createOrderLine({ orderLineCreate: { amount: 2, place } });
  check(line.amount === 2, line);
  check((await new PlacesApi(configuration).listPlaces()).items[0].name === 'Here', place);
  console.log('        the TypeScript client did its round');
}

round().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});

"""A round of work through the generated Python client: python_client.py <address> <id of a place>"""

import datetime
import sys
import uuid

import everything
from everything.models.batch import Batch
from everything.models.batch_create import BatchCreate
from everything.models.batch_operation import BatchOperation
from everything.models.batch_update import BatchUpdate
from everything.models.problem import Problem
from everything.models.thing_create import ThingCreate
from everything.models.thing_patch import ThingPatch
from everything.models.thing_replace import ThingReplace

address, place = sys.argv[1:]
client = everything.ApiClient(everything.Configuration(host=address))
things = everything.ThingsApi(client)


def problem(call):
    """The problem that a call ends with."""
    try:
        call()
    except everything.ApiException as error:
        assert error.headers["Content-Type"] == "application/problem+json", error.headers
        return Problem.from_json(error.body)
    raise AssertionError("the call was answered")


# Create, with values of many kinds.
opens = datetime.datetime(2026, 11, 22, 16, 50, 0, 123000, tzinfo=datetime.timezone.utc)
new = ThingCreate(
    name="Ada’s lamp", level=3, price="12.5", balance="-0.0001", opens=opens, released=datetime.date(2026, 11, 22),
    place=uuid.UUID(place), tags=["a", "b"], details={"a": [1, None]}, email="ada@example.com", site="https://example.com/",
)
key = str(uuid.uuid4())
answer = things.create_thing_with_http_info(new, idempotency_key=key)
lamp = answer.data
assert answer.status_code == 201 and answer.headers["Location"] == f"/api/things/{lamp.id}", answer.headers
assert (lamp.name, lamp.level, lamp.price, lamp.balance) == ("Ada’s lamp", 3, "12.50", "-0.0001"), lamp
assert lamp.opens == opens and lamp.tags == ["a", "b"] and lamp.details == {"a": [1, None]}, lamp
assert lamp.version == 1 and lamp.state == "draft" and lamp.note is None and not hasattr(lamp, "secret"), lamp

# The same again is the same answer.
repeat = things.create_thing_with_http_info(new, idempotency_key=key)
assert repeat.data.id == lamp.id and repeat.headers["Idempotent-Replayed"] == "true"

# Read, whole and in part.
assert things.get_thing(lamp.id) == lamp
part = things.get_thing(lamp.id, fields=["id", "price"])
assert (part.id, part.price, part.name) == (lamp.id, "12.50", None)

# A list in pages.
for number in range(4):
    things.create_thing(ThingCreate(name=f"Thing {number}", level=1))
seen, after = [], None
while True:
    page = things.list_things(sort=["-level", "name"], limit=2, after=after, count=True)
    assert page.total == 5 and len(page.items) <= 2, page
    seen += [one.name for one in page.items]
    after = page.next
    if after is None:
        break
assert seen == ["Ada’s lamp"] + [f"Thing {number}" for number in range(4)], seen

# Change, with and without the right version.
changed = things.update_thing_with_http_info(lamp.id, ThingPatch(state="published"), if_match='"1"')
assert changed.data.version == 2 and changed.data.state == "published" and changed.data.name == lamp.name
assert changed.headers["ETag"] == '"2"'
stale = problem(lambda: things.update_thing(lamp.id, ThingPatch(state="retired"), if_match='"1"'))
assert (stale.status, stale.code, stale.type) == (412, "stale", "/problems/stale"), stale
replaced = things.replace_thing(lamp.id, ThingReplace(name="Lamp", level=9))
assert (replaced.name, replaced.price, replaced.version) == ("Lamp", None, 3), replaced

# What is wrong is a problem with its faults.
absent = uuid.UUID(int=7)
wrong = problem(lambda: things.create_thing(ThingCreate(name="x", level=1, place=absent)))
assert wrong.status == 422 and wrong.code == "invalid" and wrong.errors[0].pointer == "/place", wrong
assert wrong.errors[0].code == "relation", wrong

# An import, and deleting.
assert things.import_things([ThingCreate(name="More", level=2)]).imported == 1
things.delete_thing(lamp.id, if_match='"3"')
assert problem(lambda: things.get_thing(lamp.id)).code == "not_found"

# A filter with a value, and what relations lead to.
tickets = everything.TicketsApi(client)
seen = tickets.list_tickets(
    filter="severity > int(arg.least) && place.name == arg.place", arguments={"arg.least": "8", "arg.place": "Here"},
    expand=["place", "nearby", "follows.place"],
).items
assert len(seen) == 1 and seen[0].title == "Green tea is out" and seen[0].cause is None, seen
assert seen[0].expanded.place.name == "Here" and seen[0].expanded.follows is None, seen
assert [one.name for one in seen[0].expanded.nearby] == ["Here"], seen
assert [one.title for one in tickets.list_tickets(search='"green tea"').items] == ["Green tea is out"]
unread = problem(lambda: tickets.list_tickets(filter="cause == 'x'"))
assert unread.status == 400 and "unknown name" in unread.detail, unread

# A summary: decimals are exact, and only what was asked for is there.
groups = things.summarize_things(group=["state", "month(created)"], value=["count()", "sum(level)", "max(price)"]).groups
assert [(one.state, one.count, one.sum_level, one.max_price) for one in groups] == [("draft", 5, 6, None)], groups
assert len(groups[0].month_created) == 7, groups

# A batch whose second operation uses what the first made.
operations = [
    BatchOperation(BatchCreate(create="tickets", var_as="first", values={"title": "Made"})),
    BatchOperation(BatchUpdate(update="tickets/@first.id", if_version=1, values={"severity": 3})),
]
made, changed = everything.TheServerApi(client).batch(Batch(operations=operations)).results
assert made.id == changed.id and changed.version == 2, (made, changed)
assert changed.additional_properties["severity"] == 3, changed

# A name of several words, a collection that is only read, and health.
line = everything.OrderLinesApi(client).create_order_line(everything.OrderLineCreate(amount=2, place=uuid.UUID(place)))
assert line.amount == 2
assert [one.name for one in everything.PlacesApi(client).list_places().items] == ["Here"]
assert not hasattr(everything.PlacesApi, "create_place")
assert everything.TheServerApi(client).get_health().status == "ok"
print("        the Python client did its round")

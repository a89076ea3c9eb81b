// One's own orders. The API shows nobody another's, so nothing here has to ask whose they are.
import { ask, make, price } from './shop.js'

const page = 12
const at = (id) => document.getElementById(id)
const words = { new: 'We have it', paid: 'Paid', shipped: 'On its way' }
let next = null

async function load() {
  at('status').textContent = 'Looking them up …'
  try {
    greet(await ask('/auth/me'))
    await take(await ask(`/api/orders?sort=-created&limit=${page}`))
  } catch (error) {
    failed(error)
  }
}

async function more() {
  at('more').disabled = true
  try {
    await take(await ask(next))
  } catch (error) {
    failed(error)
  }
  at('more').disabled = false
}

function greet(account) {
  at('whose').textContent = `You are signed in as ${account.name || account.email}.`
  at('who').hidden = false
}

async function take(orders) {
  next = orders.next ?? null
  if (!orders.items.length && !at('orders').children.length) {
    return notice('Nothing ordered yet.', 'What you order from a product’s page will be listed here.', 'See the shelves', '/')
  }
  const lines = orders.items.length ? await linesOf(orders.items) : []
  for (const order of orders.items) {
    at('orders').append(card(order, lines.filter((line) => line.order === order.id)))
  }
  at('more').hidden = !next
  at('status').textContent = ''
}

/// The lines of all of them in one question, each with its product.
async function linesOf(orders) {
  const ids = orders.map((order) => `"${order.id}"`).join(', ')
  const query = new URLSearchParams({ filter: `order in [${ids}]`, expand: 'product', limit: '500' })
  return (await ask(`/api/lines?${query}`)).items
}

function card(order, lines) {
  const item = make('li', 'card')
  const made = make('time', '', new Date(order.created).toLocaleDateString('en-GB', { dateStyle: 'long' }))
  made.dateTime = order.created
  const title = make('h2')
  title.append(made)
  const state = make('p', 'stock', words[order.status] ?? order.status)
  const list = make('ul')
  for (const line of lines) {
    // A product that may not be read any more is still a line of the order.
    const name = line.expanded?.product?.name ?? 'Something we no longer show'
    list.append(make('li', '', `${line.quantity} × ${name}, ${price(line.price)} each`))
  }
  item.append(title, state, list)
  if (Number(order.total) > 0) item.append(make('p', '', `All of it: ${price(order.total)}`))
  if (order.note) item.append(make('p', 'small', order.note))
  return item
}

function failed(error) {
  if (error.status === 401) {
    return notice('Sign in to see your orders.', 'They are nobody’s business but yours and ours.', 'Sign in', '/auth/sign-in?next=/orders.html')
  }
  notice('The shop did not answer.', 'It may be the line, or we are carrying boxes.', 'Try again', '/orders.html')
}

function notice(title, text, label, target) {
  at('status').textContent = ''
  at('notice-title').textContent = title
  at('notice-text').textContent = text
  at('notice-link').textContent = label
  at('notice-link').href = target
  at('notice').hidden = false
}

at('more').addEventListener('click', more)
load()

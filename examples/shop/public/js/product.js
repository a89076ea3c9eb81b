// One product, named by ?id= in the address.
import { ask, make, paint, picture, price, send, stock } from './shop.js'

const at = (id) => document.getElementById(id)

async function load() {
  const id = new URL(location.href).searchParams.get('id')
  if (!id) return missing()
  at('status').textContent = 'Fetching it from the shelf …'
  try {
    const [product, shelves] = await Promise.all([
      ask(`/api/products/${encodeURIComponent(id)}`),
      ask('/api/categories?sort=name&limit=50'),
    ])
    if (product.state === 'draft') return missing()
    show(product, shelves.items)
  } catch (error) {
    // 400 is an id that is none, 404 one that names nothing.
    if (error.status === 404 || error.status === 400) return missing()
    notice('The shop did not answer.', 'It may be the line, or we are carrying boxes. Please try again in a moment.')
  }
}

function show(product, categories) {
  document.title = `${product.name} | Corner Shop`
  at('name').textContent = product.name
  at('price').textContent = price(product.price)
  at('blurb').textContent = product.blurb ?? ''
  at('picture').src = picture(product)
  at('niche').classList.add(paint(categories, product.category))

  const state = stock(product)
  at('stock').textContent = state.text
  at('stock').classList.add(state.style)

  const shelf = categories.find((category) => category.id === product.category)
  at('shelf').textContent = shelf?.name ?? 'Everything'
  if (shelf) at('shelf').href = `/?shelf=${encodeURIComponent(shelf.name)}`

  at('tags').replaceChildren(...(product.tags ?? []).map((tag) => make('li', '', tag)))
  at('tags').hidden = !product.tags?.length

  // `details` may be any JSON; only an object is a list of facts.
  const facts = product.details && typeof product.details === 'object' && !Array.isArray(product.details) ? product.details : {}
  for (const [name, value] of [...Object.entries(facts), ['Our number', product.sku]]) {
    if (value !== null && typeof value === 'object') continue
    const row = make('div')
    row.append(make('dt', '', name), make('dd', '', String(value)))
    at('details').append(row)
  }

  at('order').hidden = product.state !== 'published' || product.stock <= 0
  at('order').addEventListener('click', () => order(product))

  at('status').textContent = ''
  at('product').hidden = false
}

// The order and its line are written together or not at all. Whose it is, the server knows.
async function order(product) {
  at('order').disabled = true
  try {
    await send('/api/batch', {
      operations: [
        { create: 'orders', as: 'order', values: {} },
        { create: 'lines', values: { order: '@order.id', product: product.id, quantity: 1, price: product.price } },
      ],
    })
    at('ordered').textContent = 'It is yours. See Orders for what comes next.'
  } catch (error) {
    if (error.status === 401) {
      const here = `/product.html?id=${product.id}`
      return location.assign(`/auth/sign-in?next=${encodeURIComponent(here)}`)
    }
    at('ordered').textContent = 'That did not work. Load the page again for today’s price, or write to us.'
  }
  at('order').disabled = false
}

function missing() {
  notice('We do not have that.', 'It may have left the shelf, or the address is not whole.')
}

function notice(title, text) {
  at('status').textContent = ''
  document.title = `${title} | Corner Shop`
  at('notice-title').textContent = title
  at('notice-text').textContent = text
  at('notice').hidden = false
}

load()

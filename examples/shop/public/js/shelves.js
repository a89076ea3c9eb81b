// The front page: all products, the newest first, one shelf at a time if wanted.
import { ask, make, paint, picture, price, stock } from './shop.js'

const page = 24
const at = (id) => document.getElementById(id)
const goods = at('goods')
const status = at('status')

let categories = []
let products = []
let next = null
// The chosen shelf is in the address, so that a link and the Back button keep it.
let chosen = new URL(location.href).searchParams.get('shelf') ?? ''

async function load() {
  at('notice').hidden = true
  skeleton()
  try {
    const [shelves, first] = await Promise.all([
      ask('/api/categories?sort=name&limit=50'),
      ask(`/api/products?sort=-released&limit=${page}`),
    ])
    categories = shelves.items
    if (!categories.some((category) => category.name === chosen)) chosen = ''
    products = []
    chips()
    take(first)
  } catch {
    failed()
  }
}

async function more() {
  at('more').disabled = true
  try {
    take(await ask(`/api/products?sort=-released&limit=${page}&after=${encodeURIComponent(next)}`))
  } catch {
    status.textContent = 'The shop did not answer. Please try again.'
  }
  at('more').disabled = false
}

function take(answer) {
  // Drafts are not for customers yet, retired products no longer.
  products.push(...answer.items.filter((product) => product.state === 'published'))
  next = answer.next
  show()
}

function show() {
  const shelf = categories.find((category) => category.name === chosen)
  const shown = shelf ? products.filter((product) => product.category === shelf.id) : products
  goods.replaceChildren(...shown.map(item))
  goods.removeAttribute('aria-busy')
  at('more').hidden = next === null
  status.textContent = shown.length === 1 ? '1 thing' : `${shown.length} things`
  if (next !== null) status.textContent += ' so far'

  at('notice').hidden = shown.length > 0 || next !== null
  if (at('notice').hidden) return
  if (shelf) {
    notice('Nothing on this shelf today.', 'Look at the others, or wish for something.', 'Show all shelves', () => choose(''))
  } else {
    notice('The shelves are still empty.', 'The first goods are on their way. Please look in again.', 'Look again', load)
  }
}

function item(product) {
  const link = make('a', `niche ${paint(categories, product.category)}`)
  link.href = `/product.html?id=${encodeURIComponent(product.id)}`
  const image = make('img')
  image.src = picture(product)
  image.alt = ''
  image.width = image.height = 240
  image.loading = 'lazy'
  link.append(image)

  const state = stock(product)
  const rail = make('span', 'rail')
  // The spaces are for those who hear the link's text in one go.
  rail.append(make('span', 'name', product.name), ' ', make('span', 'ticket', price(product.price)), ' ')
  // Plenty is nothing to say on the shelf; only what is nearly gone is.
  if (state.style !== 'in') rail.append(make('span', `stock ${state.style}`, state.text))
  link.append(rail)

  const place = make('li')
  place.append(link)
  return place
}

function chips() {
  const names = ['', ...categories.map((category) => category.name)]
  at('chips').replaceChildren(...names.map((name) => {
    const chip = make('button', 'chip', name || 'All')
    chip.type = 'button'
    chip.dataset.name = name
    chip.setAttribute('aria-pressed', String(name === chosen))
    chip.addEventListener('click', () => choose(name))
    return chip
  }))
  at('chips').hidden = categories.length === 0
}

function choose(name) {
  chosen = name
  const address = new URL(location.href)
  if (name) address.searchParams.set('shelf', name)
  else address.searchParams.delete('shelf')
  history.replaceState(null, '', address)
  // The chips stay and only change their state, so that the focus stays where it is.
  for (const chip of at('chips').children) chip.setAttribute('aria-pressed', String(chip.dataset.name === name))
  show()
}

function skeleton() {
  status.textContent = 'Filling the shelves …'
  goods.setAttribute('aria-busy', 'true')
  goods.replaceChildren(...Array.from({ length: 8 }, () => {
    const place = make('li', 'waiting')
    place.setAttribute('aria-hidden', 'true')
    place.append(make('span', 'niche'))
    return place
  }))
}

function failed() {
  status.textContent = ''
  goods.replaceChildren()
  goods.removeAttribute('aria-busy')
  at('more').hidden = true
  notice('The shop did not answer.', 'It may be the line, or we are carrying boxes. Nothing is lost.', 'Try again', load)
}

function notice(title, text, button, action) {
  at('notice-title').textContent = title
  at('notice-text').textContent = text
  at('notice-button').textContent = button
  at('notice-button').onclick = action
  at('notice').hidden = false
}

at('more').addEventListener('click', more)
load()

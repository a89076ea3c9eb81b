// What the pages share: asking the API, and showing its values.
// Everything from the API is written with textContent or checked first; none of it is ever read as HTML.

/// Asks the API and gives its answer. Throws an error with `status` (0 when nothing answered).
export function ask(path) {
  return answered(path, { headers: { Accept: 'application/json' } })
}

/// Sends something to the API, as whoever is signed in.
export function send(path, body) {
  const headers = { Accept: 'application/json', 'Content-Type': 'application/json' }
  return answered(path, { method: 'POST', headers, body: JSON.stringify(body) })
}

async function answered(path, request) {
  let answer
  try {
    answer = await fetch(path, { ...request, signal: AbortSignal.timeout(15_000) })
  } catch {
    throw Object.assign(new Error('no answer'), { status: 0 })
  }
  if (!answer.ok) throw Object.assign(new Error('refused'), { status: answer.status })
  return answer.json()
}

/// A decimal string as a price: "1234.5" is "€1,234.50". Digits are only moved, never counted with:
/// a price that goes through a float may come out as another price.
export function price(decimal) {
  const parts = /^(-?)(\d+)(?:\.(\d+))?$/.exec(decimal ?? '')
  if (!parts) return ''
  const [, minus, whole, fraction = ''] = parts
  return `${minus}€${whole.replace(/\B(?=(\d{3})+$)/g, ',')}.${fraction.padEnd(2, '0')}`
}

/// What the shop says about a product's stock, and the style of it.
export function stock(product) {
  if (product.state === 'retired') return { text: 'No longer sold', style: 'out' }
  if (product.stock <= 0) return { text: 'Sold out', style: 'out' }
  if (product.stock <= 5) return { text: `Only ${product.stock} left`, style: 'few' }
  return { text: 'In stock', style: 'in' }
}

/// The product's picture if it is one of this site's own, else the empty bag.
export function picture(product) {
  const own = /^\/pictures\/[a-z0-9-]+\.(svg|png|jpg|webp)$/
  return own.test(product.image ?? '') ? product.image : '/pictures/empty.svg'
}

/// The paint behind a product: one of four, by its shelf's place in the list.
export function paint(categories, id) {
  const place = categories.findIndex((category) => category.id === id)
  return `paint-${place < 0 ? 0 : (place % 4) + 1}`
}

/// A new element with a class and a text, both optional.
export function make(name, style, text) {
  const element = document.createElement(name)
  if (style) element.className = style
  if (text !== undefined) element.textContent = text
  return element
}

"""The basics that every page owes to people who see little or use no mouse. Gives sentences about what is wrong."""

CHECKS = r"""
() => {
  const faults = [];
  const say = (text) => faults.push(text);
  const name = (element) => element.outerHTML.replace(/\s+/g, ' ').slice(0, 120);
  const shown = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true })
    && !element.closest('[aria-hidden="true"]');

  if (!document.documentElement.lang) say('the page has no lang');
  if (!document.title.trim()) say('the page has no title');
  if (!document.querySelector('meta[name=viewport]')) say('the page has no viewport');
  if (document.querySelectorAll('main').length !== 1) say('the page has not exactly one main');
  const headings = [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].filter(shown);
  if (headings.filter((heading) => heading.tagName === 'H1').length !== 1) say('the page has not exactly one h1');
  headings.reduce((before, heading) => {
    const level = Number(heading.tagName[1]);
    if (level > before + 1) say(`a heading skips a level: ${name(heading)}`);
    return level;
  }, 0);

  const ids = [...document.querySelectorAll('[id]')].map((element) => element.id);
  for (const id of new Set(ids.filter((id, index) => ids.indexOf(id) !== index))) say(`the id ${id} is there twice`);
  for (const attribute of ['aria-describedby', 'aria-labelledby', 'for']) {
    for (const element of document.querySelectorAll(`[${attribute}]`)) {
      for (const id of element.getAttribute(attribute).split(/\s+/)) {
        if (!document.getElementById(id)) say(`${attribute} names ${id}, which is not there: ${name(element)}`);
      }
    }
  }
  for (const control of document.querySelectorAll('input:not([type=hidden]), select, textarea')) {
    if (!shown(control)) {
      // What a closed <details> holds takes no focus.
      if (control.tabIndex >= 0 && !control.closest('details:not([open])')) say(`a hidden control takes the focus: ${name(control)}`);
    } else if (![...control.labels].some((label) => label.textContent.trim())) {
      say(`a control has no label: ${name(control)}`);
    }
  }
  for (const element of document.querySelectorAll('a[href], button')) {
    const text = element.textContent.trim() || element.getAttribute('aria-label')
      || [...element.querySelectorAll('img')].map((image) => image.alt).join('');
    if (shown(element) && !text) say(`a link or button says nothing: ${name(element)}`);
  }
  for (const image of document.querySelectorAll('img:not([alt])')) say(`an image has no alt: ${name(image)}`);
  for (const element of document.querySelectorAll('[tabindex]')) {
    if (element.tabIndex > 0) say(`a tabindex over 0: ${name(element)}`);
  }

  // Contrast (WCAG 2.2, 1.4.3): text against the colour behind it, where that is one colour.
  const parse = (color) => {
    const parts = color.match(/[\d.]+/g).map(Number);
    return { red: parts[0], green: parts[1], blue: parts[2], alpha: parts[3] ?? 1 };
  };
  const over = (front, back) => {
    const mix = (channel) => front[channel] * front.alpha + back[channel] * (1 - front.alpha);
    return { red: mix('red'), green: mix('green'), blue: mix('blue'), alpha: 1 };
  };
  const luminance = (color) => {
    const linear = [color.red, color.green, color.blue].map((channel) => {
      const value = channel / 255;
      return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
  };
  const dark = matchMedia('(prefers-color-scheme: dark)').matches;
  const behind = (element) => {
    const layers = [];
    for (let one = element; one; one = one.parentElement) {
      const style = getComputedStyle(one);
      if (style.backgroundImage !== 'none') return null;
      const color = parse(style.backgroundColor);
      layers.push(color);
      if (color.alpha === 1) break;
    }
    const canvas = dark ? { red: 18, green: 18, blue: 18, alpha: 1 } : { red: 255, green: 255, blue: 255, alpha: 1 };
    return layers.reduceRight((back, front) => over(front, back), canvas);
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const seen = new Set();
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.textContent.trim() || seen.has(element) || !shown(element)) continue;
    seen.add(element);
    const back = behind(element);
    if (!back) continue;
    const front = over(parse(getComputedStyle(element).color), back);
    const [light, deep] = [luminance(front), luminance(back)].sort((one, other) => other - one);
    const ratio = (light + 0.05) / (deep + 0.05);
    if (ratio < 4.5) say(`contrast ${ratio.toFixed(2)}: ${name(element)}`);
  }
  if (!seen.size) say('the page shows no text');
  return faults;
}
"""


def is_accessible(page):
    faults = page.evaluate(CHECKS)
    assert not faults, f"{page.url}: " + "; ".join(faults)

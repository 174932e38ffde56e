// Keeps a text in the tab, and tells once what was kept before. Private windows may refuse to keep any.

const asked = new WeakSet()

export default function ({ data: { name, kept }, parentElement, setTriggerValue }) {
  const node = parentElement.querySelector(".mnist-dash-tab-memory")
  const place = `mnist-dash-${name}`
  try {
    if (kept !== null) sessionStorage.setItem(place, kept)
    else if (!asked.has(node)) {
      asked.add(node)
      const found = sessionStorage.getItem(place)
      if (found) setTriggerValue("found", found)
    }
  } catch {
    // Then it is remembered for as long as the page is not loaded again.
  }
}

// A server that was started again, or that gave this page's session up, knows nothing of what is still open here: what
// is pressed before the new session has drawn the page is asked of widgets that it does not know, and Streamlit 1.67
// drops it unsaid. By itself Streamlit has live pages alone drawn again. So a page that is connected again asks to be
// drawn, and takes nothing until it is, as while there is no server.
const PATIENCE = 1_000
const TRIES = 5
const drawn = () => document.querySelector("[data-drawn]")?.dataset.drawn
const isConnected = (app) => app.dataset.testConnectionState === "CONNECTED"
const isIdle = (app) => isConnected(app) && app.dataset.testScriptState === "notRunning"

// Streamlit's own key for that; nothing else on a page does it.
const askAgain = () => {
  for (const type of ["keydown", "keyup"]) document.dispatchEvent(new KeyboardEvent(type, { key: "r" }))
}

// A page that misses a script of Streamlit's, which was asked for while nobody answered, shows an error in its place for
// good, and may lack its mark.
let isBroken = false
addEventListener("vite:preloadError", () => {
  isBroken = true
})

const hold = (app) => {
  const main = document.querySelector("[data-testid=stMain]")
  if (!main || main.inert) return
  main.inert = true
  let before = drawn()
  let left = TRIES
  const asking = setInterval(() => {
    if (!isIdle(app)) return
    if (!isBroken && left-- > 0) askAgain()
    else release()
  }, PATIENCE)
  const watch = new MutationObserver(() => {
    // The mark of what was drawn before may come late, since Streamlit loads each kind of element when it is needed.
    if (!isConnected(app)) before = drawn()
    else if (isIdle(app) && drawn() !== before) release()
  })
  const release = () => {
    watch.disconnect()
    clearInterval(asking)
    if (isBroken) location.reload()
    else main.inert = false
  }
  watch.observe(app, { subtree: true, childList: true, attributes: true })
}

new MutationObserver((changes) => {
  for (const { target, oldValue } of changes) if (oldValue === "CONNECTED") hold(target)
}).observe(document, { subtree: true, attributeFilter: ["data-test-connection-state"], attributeOldValue: true })

// A server that was started again knows nothing of the page that is still open: what is pressed between its return and
// the end of the page's first script is asked of a session that has not drawn it yet, and Streamlit 1.67 drops it unsaid.
// Until then the page takes nothing, as while there is no server.
const GLANCE = 100
// After a mere interruption no script may follow.
const PATIENCE = 2_000
const drawn = () => document.querySelector("[data-drawn]")?.dataset.drawn

const hold = (app) => {
  const main = document.querySelector("[data-testid=stMain]")
  if (!main || main.inert) return
  main.inert = true
  const before = drawn()
  let since
  const glance = setInterval(() => {
    if (app.dataset.testConnectionState !== "CONNECTED") {
      since = undefined
      return
    }
    since ??= performance.now()
    const isOver = drawn() !== before || performance.now() - since > PATIENCE
    if (isOver && app.dataset.testScriptState !== "running") {
      clearInterval(glance)
      main.inert = false
    }
  }, GLANCE)
}

new MutationObserver((changes) => {
  for (const { target, oldValue } of changes) if (oldValue === "CONNECTED") hold(target)
}).observe(document, { subtree: true, attributeFilter: ["data-test-connection-state"], attributeOldValue: true })

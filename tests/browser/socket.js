// Goes into every page before Streamlit does: counts whether what was asked of the server has been answered in full,
// and brings every message late by LATENCY milliseconds, both ways, and never two within PAUSE milliseconds: a page
// comes slowly and piece by piece, as from a server that is far away or busy.
{
  const [LATENCY, PAUSE] = [Number("{latency}"), Number("{pause}")]
  const DRAWN = 50
  const RERUN = 11 // of BackMsg, the only one that starts a script
  const [BEGUN, ENDED] = [4, 6] // of ForwardMsg: new_session, script_finished
  const AGAIN = 2 // how a script ended that is run once more at once
  const state = { asked: 0, begun: 0, ended: 0 }

  // A protobuf message's fields by their numbers: numbers and lengths are all that these messages have at their top.
  const fields = (bytes) => {
    const found = new Map()
    let at = 0
    const varint = () => {
      let value = 0
      for (let shift = 1; ; shift *= 128) {
        const byte = bytes[at++]
        value += (byte & 127) * shift
        if (byte < 128) return value
      }
    }
    while (at < bytes.length) {
      const tag = varint()
      const value = varint()
      found.set(Math.floor(tag / 8), value)
      if (tag % 8 === 2) at += value
    }
    return found
  }

  const take = (data, asked) => {
    const found = fields(new Uint8Array(data))
    if (found.has(BEGUN)) state.begun = asked
    if (found.has(ENDED) && found.get(ENDED) !== AGAIN) state.ended = state.begun
  }

  window.WebSocket = class extends WebSocket {
    send(data) {
      if (ArrayBuffer.isView(data) && fields(data).has(RERUN)) state.asked += 1
      if (LATENCY) setTimeout(() => super.send(data), LATENCY)
      else super.send(data)
    }

    addEventListener(type, listener, options) {
      const late = (event) => {
        // What the page asks while it draws this is not answered by it.
        const { asked } = state
        listener.call(this, event)
        // After what the page makes of it, which is drawn whenever the browser has time for it.
        if (event.data instanceof ArrayBuffer) setTimeout(() => requestIdleCallback(() => take(event.data, asked)), DRAWN)
      }
      let next = 0
      const heard = (event) => {
        if (!LATENCY) return late(event)
        next = Math.max(next + PAUSE, performance.now() + LATENCY)
        setTimeout(() => late(event), next - performance.now())
      }
      super.addEventListener(type, type === "message" ? heard : listener, options)
    }
  }

  window.isAnswered = () => state.ended === state.asked
}

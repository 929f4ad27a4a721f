/** The live feed: one WebSocket that comes back by itself and asks for what it missed. */

const LONGEST = 5000;

/**
 * Follows a person's feed until `stop()` is called.
 * `since()` gives the last sequence number seen; `take(event)` gets each event; `online(yes)` the state of the line.
 */
export function follow(as, { since, take, online = () => {} }) {
  let socket = null;
  let stopped = false;
  let delay = 250;
  let timer = 0;

  function connect() {
    if (stopped) return;
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    socket = new WebSocket(`${scheme}://${location.host}/person/feed?as=${encodeURIComponent(as)}&since=${since()}`);
    socket.onopen = () => { delay = 250; online(true); };
    socket.onmessage = (frame) => { if (!stopped) take(JSON.parse(frame.data)); };
    socket.onclose = again;
  }

  function again() {
    if (stopped) return;
    online(false);
    timer = setTimeout(connect, delay);
    delay = Math.min(LONGEST, delay * 2);
  }

  connect();
  return {
    stop() {
      stopped = true;
      clearTimeout(timer);
      socket?.close();
    },
  };
}

// The link to the server: acknowledges each frame once it is on the page, and says when the link is down.
// The server sends the next frame only after the acknowledgement of the last.

const FINAL = [4404, 4408, 4413, 4429]; // the server has said why; trying again would not help
const GOING_AWAY = "removed";

let socket = null;

function acknowledge(frame) {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify({ type: "ack", frame }));
}

function say(text) {
  const place = document.getElementById("link");
  if (place) place.textContent = text;
}

document.addEventListener("htmx:after:ws:connection", (event) => {
  socket = event.detail.connection.socket;
  say("");
});

document.addEventListener("htmx:after:ws:message", (event) => {
  const frame = event.detail.message.json?.frame;
  if (frame !== undefined) acknowledge(frame);
});

document.addEventListener("htmx:ws:close", (event) => {
  const { code, connection, reason } = event.detail;
  if (reason === GOING_AWAY) return;
  if (FINAL.includes(code)) connection.config.reconnect = false;
  else if (!document.hidden) say("The connection was lost. Trying again; the run goes on.");
});

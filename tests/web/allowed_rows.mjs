// What the recorder makes of a phone's clock: each row the days that it says one look after the
// other, the first at the server's answer; gives for each look whether the phone may record.
import { allowedFrom, lookedAt, mayRecord } from "../../web/assets/collect/allowed.js";

const DAY_MS = 24 * 60 * 60 * 1000;
const rows = JSON.parse(process.argv[2]);
const ended = Object.entries(rows).map(([name, [first, ...later]]) => {
  let allowed = allowedFrom(14, first * DAY_MS);
  return [name, later.map((day) => mayRecord((allowed = lookedAt(allowed, day * DAY_MS))))];
});
console.log(JSON.stringify(Object.fromEntries(ended)));

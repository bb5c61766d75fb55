// How long a phone may record after the last answer of the server, by the phone's own clock alone:
// phones' clocks are wrong by days, and what another clock says means nothing to them.
//
// { most, used, last, latest }: how many milliseconds are allowed and used, what the clock said when
// it was last looked at, and the latest that it ever said.

// As it stands after an answer that allows `days` from now on.
export function allowedFrom(days, now) {
  return { most: days * 24 * 60 * 60 * 1000, used: 0, last: now, latest: now };
}

// As it stands when the clock is looked at again. A clock that was set back goes on using up time
// from there; when it is put right again, what it skips counts only beyond the latest it ever said.
export function lookedAt(allowed, now) {
  const { used, last, latest } = allowed;
  const passed = now > latest ? now - latest : Math.max(0, now - last);
  return { ...allowed, used: used + passed, last: now, latest: Math.max(latest, now) };
}

export function mayRecord({ used, most }) {
  return used < most;
}

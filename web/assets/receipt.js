// A QR code brings the receipt code behind the # of the address: browsers never send that part.
// It goes into the field, and out of the address and the history, before anything else can see it.
const found = /^#(\d{16})$/.exec(location.hash);
const field = document.getElementById("code");
if (found && field) {
  history.replaceState(null, "", location.pathname + location.search);
  field.value = found[1].match(/.{4}/g).join(" ");
  field.focus();
}

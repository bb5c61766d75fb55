// Parts of pages that change without a reload. hx-csp goes first into htmx: it drops every
// attribute that does not carry the page's nonce, so that injected markup can send nothing.
import "htmx.org/dist/htmx.esm.js";
import "htmx.org/dist/ext/hx-csp.js";

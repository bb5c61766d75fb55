// The outreach worker's recorder: the entry of /collect/. The parts stand in collect/.
import { start } from "./collect/app.js";

start(document.getElementById("main-content"));

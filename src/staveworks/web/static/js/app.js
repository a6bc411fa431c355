// Everything a page does by itself. Each module looks for attributes in the page and leaves alone what it doesn't know.
import { startDialogs } from "./dialogs.js";
import { startForms } from "./forms.js";
import { startKeys } from "./keys.js";
import { startLive } from "./live.js";
import { startToasts } from "./toasts.js";

startDialogs();
startForms();
startKeys();
startLive();
startToasts();

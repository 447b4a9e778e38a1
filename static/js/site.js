import "./theme.js";
import "./link.js";
import "./pin.js";

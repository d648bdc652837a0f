// The nurse's own store on the phone: packets of the day, and what is not sent yet.
import { vaultOf } from "./vault.js";

export const vault = vaultOf("nursing-day", ["packets", "queue"]);

"use strict";

const number = document.getElementById("number");
const known = document.getElementById("known");

number.value = known.value; // it may have been chosen before this script ran
known.addEventListener("change", (event) => { number.value = event.target.value; });

addEventListener("message", async ({ data, origin, source }) => {
  if (!data?.pay) return;
  const answer = await fetch("/pay", { method: "POST", body: JSON.stringify({ client_secret: data.pay, number: number.value }) });
  source.postMessage(await answer.json(), origin);
});

parent.postMessage("ready", "*");

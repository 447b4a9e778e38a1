// Draws what it reads, as JSON: a scene, and the moments at which each lane is asked for. tests/stage/test_scene_js.py asks.

import * as scenes from "../../static/js/scene.js";

const decoder = new TextDecoder();
const chunks = [];
for await (const chunk of Deno.stdin.readable) chunks.push(decoder.decode(chunk, { stream: true }));
const cases = JSON.parse(chunks.join(""));

const drawn = cases.map(({ header, facts, pieces, moments, known }) => {
  const scene = scenes.emptyScene(header);
  let at = 0;
  for (const piece of pieces) scenes.addFacts(scene, facts.slice(at, at += piece));
  scenes.addFacts(scene, facts.slice(at));
  const axis = scenes.axisFor(header.end, (known - scene.zero) / 1000);
  return header.lanes.map(({ layouts }, index) =>
    Object.values(layouts).map((layout) => ({
      axis,
      bars: scenes.barPaths(scene, index, layout, axis.end, known),
      strip: scenes.stripPath(scene, index, layout, axis.end, known),
      moments: moments.map((t) => scenes.drawLane(scene, index, layout, t, known)),
    }))
  );
});
console.log(JSON.stringify(drawn));

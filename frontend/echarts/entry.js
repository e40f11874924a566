// The part of Apache ECharts that the charts use, as one classic script that sets
// `window.echarts`. A chart type or component missing here draws nothing and says so in
// the browser's console. Names are imported one by one: the library's whole module, taken as an
// object, would be bundled whole.
import { BarChart, LineChart } from "echarts/charts";
import { GridComponent, MarkLineComponent, TooltipComponent } from "echarts/components";
import { getInstanceByDom, init, use } from "echarts/core";
import { LegacyGridContainLabel } from "echarts/features";
import { CanvasRenderer } from "echarts/renderers";

use([
  BarChart,
  LineChart,
  GridComponent,
  MarkLineComponent,
  // Of the bars; charts of lines have a box of their own.
  TooltipComponent,
  CanvasRenderer,
  // What `containLabel` of a grid means.
  LegacyGridContainLabel,
]);

// The client makes charts with `init`; the browser tests ask `getInstanceByDom` what was drawn.
export { getInstanceByDom, init };

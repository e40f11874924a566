// What draws a chart of lines as SVG, for files: loaded when somebody asks for one. It sets
// `window.vectorCharts` and is whole, because a renderer knows the shapes of its own bundle only.
import { LineChart } from "echarts/charts";
import { GridComponent, MarkLineComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

use([LineChart, GridComponent, MarkLineComponent, SVGRenderer]);

export { init };

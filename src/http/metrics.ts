/** The figures that an operator watches, in Prometheus' text format. */
import { Counter, collectDefaultMetrics, Histogram, Registry } from "prom-client";

/** Figures of the process, for Prometheus. */
export interface Metrics {
  /** Counts one verdict that was told, by the step of its row. */
  verdict(step: string): void;
  /** Counts one estimated liquidation price by how far it was off, as a share of what came out: plain digits. */
  estimate(ratio: string): void;
  text(): Promise<string>;
  readonly contentType: string;
}

/** Figures that begin at nought, in a registry of their own. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const verdicts = new Counter({
    name: "margin_bot_verdicts_total",
    help: "Verdicts that were told, by the step of their audit row",
    labelNames: ["step"],
    registers: [registry],
  });
  const estimates = new Histogram({
    name: "margin_bot_estimate_error_ratio",
    help: "How far estimated liquidation prices were off, as a share of what Bitget showed afterwards",
    buckets: [0.000001, 0.00001, 0.0001, 0.001, 0.005, 0.02],
    registers: [registry],
  });
  return {
    estimate: (ratio) => estimates.observe(Number(ratio)),
    verdict: (step) => verdicts.inc({ step }),
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}

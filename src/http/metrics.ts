/** The figures that an operator watches, in Prometheus' text format. */
import { Counter, collectDefaultMetrics, Registry } from "prom-client";

export interface Metrics {
  /** Counts one verdict that was told, by the step of its row. */
  verdict(step: string): void;
  text(): Promise<string>;
  readonly contentType: string;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const verdicts = new Counter({
    name: "margin_bot_verdicts_total",
    help: "Verdicts that were told, by the step of their audit row",
    labelNames: ["step"],
    registers: [registry],
  });
  return {
    verdict: (step) => verdicts.inc({ step }),
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}

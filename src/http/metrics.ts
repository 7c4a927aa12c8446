/** The figures that an operator watches, in Prometheus' text format. */
import { Counter, collectDefaultMetrics, Registry } from "prom-client";

export interface Metrics {
  /** Counts one verdict by kind: done, refused, rejected, unknown. */
  verdict(kind: string): void;
  text(): Promise<string>;
  readonly contentType: string;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const verdicts = new Counter({
    name: "margin_bot_verdicts_total",
    help: "Margin adjustments that were carried out, by what became of them",
    labelNames: ["kind"],
    registers: [registry],
  });
  return {
    verdict: (kind) => verdicts.inc({ kind }),
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}

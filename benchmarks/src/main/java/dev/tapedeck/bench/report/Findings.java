package dev.tapedeck.bench.report;

import java.util.List;

/** What a benchmark has found, in every form in which it can be had. */
public interface Findings {
  /** Of the HTML report. */
  String title();

  /** {@code ok}, or what speaks against the figures. */
  String verdict();

  /** For people, on the terminal. */
  String toText();

  /** For programs: one object in one line. */
  String toJson();

  /** The body of the HTML report, from the most important on. */
  default List<Section> sections() {
    return JsonSections.of(toJson());
  }
}

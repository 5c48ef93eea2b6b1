package dev.tapedeck.bench.report;

import java.util.List;

/** A part of an HTML report. */
public sealed interface Section {
  String title();

  /** What to know when reading it; may be empty. */
  String note();

  /** @param rows each as long as the head; a cell that reads as a number is set to the right */
  record Table(String title, String note, List<String> head, List<List<String>> rows) implements Section {
    public Table {
      head = List.copyOf(head);
      rows = rows.stream().map(List::copyOf).toList();
    }
  }

  /** Lines over an axis of numbers. */
  record Lines(String title, String note, Axis x, Axis y, List<Line> lines) implements Section {
    public Lines {
      lines = List.copyOf(lines);
    }
  }

  /** Bars over named groups; the parts of a group stand on top of each other. */
  record Bars(String title, String note, String unit, List<String> groups, List<Part> parts) implements Section {
    public Bars {
      groups = List.copyOf(groups);
      parts = List.copyOf(parts);
    }
  }

  /** How an axis is divided. */
  enum Scale {
    LINEAR, LOGARITHMIC,
    /** Of shares: 90 %, 99 % and 99.9 % at equal distances. */
    NINES
  }

  record Axis(String label, Scale scale) {
    public static Axis linear(String label) {
      return new Axis(label, Scale.LINEAR);
    }
  }

  /** @param points in the order of x */
  record Line(String name, List<Point> points) {
    public Line {
      points = List.copyOf(points);
    }
  }

  record Point(double x, double y) {}

  /** @param values one for each group */
  record Part(String name, List<Double> values) {
    public Part {
      values = List.copyOf(values);
    }
  }
}

package dev.tapedeck.standalone;

final class DemoLife implements AutoCloseable {
  static DemoLife none() {
    return new DemoLife();
  }

  static DemoLife start(Standalone server, String room, int participants) {
    return new DemoLife();
  }

  @Override
  public void close() {}
}

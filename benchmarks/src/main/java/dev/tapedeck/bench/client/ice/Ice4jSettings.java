package dev.tapedeck.bench.client.ice;

import dev.tapedeck.bench.client.net.JitsiLogs;

/** Settings of ice4j, which reads them from system properties once, at the first agent of the JVM. */
final class Ice4jSettings {
  private Ice4jSettings() {}

  static void apply() {
    // No SOFTWARE attribute, as browsers do it.
    setDefault("ice4j.software", "");
    // These would ask the cloud's metadata address and public servers; a client of a local server needs neither.
    setDefault("ice4j.harvest.mapping.aws.enabled", "false");
    // RFC 7675 §5.1: a check every 5 s keeps consent; the server gives up after 30 s.
    setDefault("ice4j.consent-freshness.interval", "5 seconds");
    JitsiLogs.quiet();
  }

  private static void setDefault(String key, String value) {
    if (System.getProperty(key) == null) {
      System.setProperty(key, value);
    }
  }
}

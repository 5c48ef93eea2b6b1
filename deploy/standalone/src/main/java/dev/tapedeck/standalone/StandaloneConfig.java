package dev.tapedeck.standalone;

import dev.tapedeck.protocol.config.Setting;

/**
 * What standalone adds to the settings of the media server and the connector.
 *
 * @param data     folder of everything: secrets, database, spool, objects
 * @param isPublic listen for everybody
 */
public record StandaloneConfig(
    @Setting(value = "data", help = "Folder of everything that must outlive the process.") String data,
    @Setting(value = "false", help = "Listen for everybody, not for this machine alone.", name = "public")
        boolean isPublic,
    Http http) {

  /** One origin for pages, API and signalling. */
  public record Http(@Setting(value = "8080", help = "TCP port of pages, API and signalling, 0 for any.") int port) {
    public Http {
      if (port < 0 || port > 65_535) {
        throw new IllegalArgumentException("http.port must be 0 to 65535, not " + port);
      }
    }
  }
}

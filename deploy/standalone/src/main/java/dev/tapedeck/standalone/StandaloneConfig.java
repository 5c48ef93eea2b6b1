package dev.tapedeck.standalone;

import dev.tapedeck.protocol.config.EnvironmentPrefix;
import dev.tapedeck.protocol.config.Ranges;
import dev.tapedeck.protocol.config.Setting;
import java.util.Optional;

/**
 * What standalone adds to the settings of the media server and the connector.
 *
 * @param data     folder of everything: secrets, database, spool, objects
 * @param isPublic listen for everybody; without a certificate of its own, by HTTPS with a self-signed one
 */
@EnvironmentPrefix("STANDALONE_")
public record StandaloneConfig(
    @Setting(value = "data", help = "Folder of everything that must outlive the process.") String data,
    @Setting(value = "false", help = "Listen for everybody, not for this machine alone.", name = "public")
        boolean isPublic,
    Http http,
    Tls tls) {

  /** HTTPS instead of HTTP. */
  public record Tls(
      @Setting(value = "", help = "Certificate chain for HTTPS, a PEM file; read again when it changes.")
      Optional<String> cert,
      @Setting(value = "", help = "Key of the certificate, a PEM file of PKCS #8.") Optional<String> key) {
    public Tls {
      if (cert.isPresent() != key.isPresent()) {
        throw new IllegalArgumentException("cert and tls.key go together; give both or none");
      }
    }
  }

  /** One origin for pages, API and signalling. */
  public record Http(@Setting(value = "8080", help = "TCP port of pages, API and signalling, 0 for any.") int port) {
    public Http {
      new Ranges().within("port", port, 0, 65_535).check();
    }
  }
}

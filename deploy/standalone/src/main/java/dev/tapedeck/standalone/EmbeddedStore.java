package dev.tapedeck.standalone;

import dev.tapedeck.protocol.config.OwnerOnly;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;

/** A real S3 API over a folder, on this machine only, with keys of its own. */
final class EmbeddedStore implements AutoCloseable {
  static final String BUCKET = "tapedeck";

  private final S3Proxy proxy;
  private final String accessKey;
  private final String secretKey;

  private EmbeddedStore(S3Proxy proxy, String accessKey, String secretKey) {
    this.proxy = proxy;
    this.accessKey = accessKey;
    this.secretKey = secretKey;
  }

  /** @param folder holds the objects as plain files, {@code <folder>/<bucket>/<key>}; made if missing, and closed to other users */
  static EmbeddedStore start(Path folder, String accessKey, String secretKey) throws IOException {
    OwnerOnly.folder(folder);
    Files.createDirectories(folder.resolve(BUCKET));
    S3Proxy proxy = S3Proxy.builder()
        .blobStore(new FilesystemNio2BlobStore(folder.toString()))
        .endpoint(URI.create("http://127.0.0.1:0"))
        .awsAuthentication(AuthenticationType.AWS_V4, accessKey, secretKey)
        .build();
    try {
      proxy.start();
    } catch (Exception e) {
      throw new IOException("the embedded store did not start over " + folder + ": " + e.getMessage(), e);
    }
    return new EmbeddedStore(proxy, accessKey, secretKey);
  }

  /** Where it is, with its keys, as a store URI. */
  String uri() {
    return "http://" + accessKey + ":" + secretKey + "@127.0.0.1:" + proxy.getPort() + "/" + BUCKET + "?path_style=true";
  }

  @Override
  public void close() throws IOException {
    try {
      proxy.stop();
    } catch (Exception e) {
      throw new IOException("the embedded store did not stop", e);
    }
  }
}

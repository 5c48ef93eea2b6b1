package dev.tapedeck.connector;

import dev.tapedeck.protocol.store.StoreUri;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;

/** An S3 API over a folder, on a port of its own, that checks signatures. */
public final class RealStore implements AutoCloseable {
  public static final String USER = "test-user";
  public static final String PASSWORD = "test/pass+word";

  private final S3Proxy proxy;

  public RealStore(Path folder) throws Exception {
    Files.createDirectories(folder.resolve("tapes"));
    proxy = S3Proxy.builder()
        .blobStore(new FilesystemNio2BlobStore(folder.toString()))
        .endpoint(URI.create("http://127.0.0.1:0"))
        .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, USER, PASSWORD)
        .build();
    proxy.start();
  }

  public String endpoint() {
    return "http://127.0.0.1:" + proxy.getPort();
  }

  public String uriText() {
    return "http://" + USER + ":test%2Fpass%2Bword@127.0.0.1:" + proxy.getPort() + "/tapes/rec?path_style=true";
  }

  public StoreUri uri() throws Exception {
    return StoreUri.parse(uriText());
  }

  /** Returns at once: the proxy gives clients two seconds to close the connections they keep, and none of them does. */
  @Override
  public void close() {
    Thread.ofVirtual().name("store-stop").start(() -> {
      try {
        proxy.stop();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    });
  }
}

package dev.tapedeck.bench.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;

/** A real S3 API over a folder, behind a {@link StoreDoor}. It checks signatures. */
public final class Store implements AutoCloseable {
  private static final String BUCKET = "tapes";
  private static final String ACCESS_KEY = "proof-access";
  private static final String SECRET_KEY = "proof-secret";

  private final Path folder;
  private final S3Proxy proxy;
  private final StoreDoor door;

  /** @param folder holds the objects; made if missing */
  public Store(Path folder) {
    this.folder = folder;
    try {
      Files.createDirectories(folder.resolve(BUCKET));
      proxy = S3Proxy.builder()
          .blobStore(new FilesystemNio2BlobStore(folder.toString()))
          .endpoint(URI.create("http://127.0.0.1:0"))
          .awsAuthentication(AuthenticationType.AWS_V4, ACCESS_KEY, SECRET_KEY)
          .build();
      proxy.start();
    } catch (Exception e) {
      throw new IllegalStateException("S3Proxy did not start", e);
    }
    door = new StoreDoor(proxy.getPort());
  }

  public StoreDoor door() {
    return door;
  }

  /** The bucket as a store URI, by way of the door. */
  public String uri() {
    return uri("");
  }

  /** @param path a place within the bucket, without a slash at its beginning */
  public String uri(String path) {
    return "http://" + ACCESS_KEY + ":" + SECRET_KEY + "@127.0.0.1:" + door.port() + "/" + BUCKET + "/" + path
        + "?path_style=true";
  }

  /** Where an object, or all under a prefix, lies as plain files. */
  public Path file(String key) {
    return folder.resolve(BUCKET).resolve(key);
  }

  /** Keys of all objects under a prefix that ends with a folder, sorted. */
  public List<String> keys(String prefix) {
    Path top = file(prefix);
    if (Files.notExists(top)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(top)) {
      return files.filter(Files::isRegularFile)
          .map(file -> folder.resolve(BUCKET).relativize(file).toString()).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws Exception {
    door.close();
    proxy.stop();
  }
}

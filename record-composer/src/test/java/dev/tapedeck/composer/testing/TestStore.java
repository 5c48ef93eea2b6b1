package dev.tapedeck.composer.testing;

import dev.tapedeck.protocol.store.StoreUri;
import dev.tapedeck.protocol.store.StoreUriException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/** A real S3 API over a folder, which refuses wrong signatures. Buckets: tapes, custom. */
public final class TestStore implements AutoCloseable {
  private static final String USER = "test-user";
  private static final String PASSWORD = "test/pass+word";

  private final Path folder;
  private final S3Proxy proxy;

  public TestStore(Path folder) throws Exception {
    this.folder = folder;
    Files.createDirectories(folder.resolve("tapes"));
    Files.createDirectories(folder.resolve("custom"));
    proxy = S3Proxy.builder()
        .blobStore(new FilesystemNio2BlobStore(folder.toString()))
        .endpoint(URI.create("http://127.0.0.1:0"))
        .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, USER, PASSWORD)
        .build();
    proxy.start();
  }

  /** Store URI of a bucket and prefix; the prefix is "" or ends in "/". */
  public String uri(String bucket, String prefix) {
    return "http://" + USER + ":test%2Fpass%2Bword@127.0.0.1:" + proxy.getPort() + "/" + bucket + "/" + prefix
        + "?path_style=true";
  }

  public StoreUri parsedUri(String bucket, String prefix) {
    try {
      return StoreUri.parse(uri(bucket, prefix));
    } catch (StoreUriException e) {
      throw new AssertionError(e);
    }
  }

  /** URL by which anybody may put this one object. */
  public String presignedPut(String bucket, String key) {
    try (S3Presigner presigner = S3Presigner.builder()
        .endpointOverride(URI.create("http://127.0.0.1:" + proxy.getPort()))
        .region(Region.US_EAST_1)
        .serviceConfiguration(S3Configuration.builder().pathStyleAccessEnabled(true).build())
        .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(USER, PASSWORD)))
        .build()) {
      return presigner.presignPutObject(request -> request.signatureDuration(Duration.ofMinutes(10))
          .putObjectRequest(put -> put.bucket(bucket).key(key))).url().toString();
    }
  }

  /** The object as a file. */
  public Path file(String bucket, String key) {
    return folder.resolve(bucket).resolve(key);
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

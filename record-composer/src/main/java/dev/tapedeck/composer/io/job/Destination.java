package dev.tapedeck.composer.io.job;

import dev.tapedeck.composer.io.source.S3Store;
import dev.tapedeck.protocol.store.StoreUri;
import dev.tapedeck.protocol.store.StoreUriException;
import java.net.URI;
import java.net.URISyntaxException;

/** A place for output as a caller writes it: a store URI with credentials, or a presigned PUT URL. */
public sealed interface Destination {

  /** A bucket, with a prefix, that takes any number of files. */
  record Bucket(StoreUri place) implements Destination {}

  /** One object. */
  record Presigned(URI url) implements Destination {}

  /**
   * Tells the two apart: a store URI has user and password before the host, a presigned URL has its signature behind.
   *
   * @throws IllegalArgumentException saying what to change, without repeating the text
   */
  static Destination parse(String text) {
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("this is no URI: " + e.getReason());
    }
    boolean isHttp = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
    if (!isHttp || uri.getRawAuthority() == null) {
      throw new IllegalArgumentException("write http://key:secret@host/bucket/path?path_style=true, "
          + "or a presigned PUT URL");
    }
    if (uri.getRawAuthority().indexOf('@') < 0) {
      return new Presigned(uri);
    }
    try {
      return new Bucket(StoreUri.parse(text));
    } catch (StoreUriException e) {
      throw new IllegalArgumentException(e.getMessage());
    }
  }

  /** The address that will be connected to, as a URL without secrets. */
  default String address() {
    return switch (this) {
      case Bucket(StoreUri place) -> place.pathStyle()
          ? place.endpoint() + "/"
          : place.scheme() + "://" + place.bucket() + "." + place.host() + ":" + place.port() + "/";
      case Presigned(URI url) -> url.getScheme() + "://" + url.getRawAuthority() + "/";
    };
  }

  /** Opens it; nothing is connected to yet. */
  default OutputTarget open() {
    return switch (this) {
      case Bucket(StoreUri place) -> new StoreTarget(new S3Store(place), "");
      case Presigned(URI url) -> new PresignedTarget(url);
    };
  }

  /** Whether it takes only one file. */
  default boolean isSingle() {
    return this instanceof Presigned;
  }
}

package dev.tapedeck.connector.io.http;

import dev.tapedeck.connector.io.objects.ObjectStore;
import dev.tapedeck.connector.io.objects.ObjectStoreException;
import dev.tapedeck.connector.io.store.FileRows.StoredFile;
import dev.tapedeck.protocol.id.KeySegment;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.io.IOException;
import java.util.Optional;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/** Sends a file of the store, whole or a range of it (RFC 9110 §13, §14). */
final class FileAnswer {
  private static final int NOT_SATISFIABLE = 416;

  private final ObjectStore objects;

  FileAnswer(ObjectStore objects) {
    this.objects = objects;
  }

  void send(Context ctx, StoredFile file) throws IOException {
    ObjectStore.Seen seen = objects.head(file.key()).orElseThrow(() -> ApiException.notFound("File"));
    String etag = seen.etag();
    ctx.disableCompression();
    ctx.header("Accept-Ranges", "bytes").header("ETag", etag).header("Cache-Control", "private, no-cache")
        .header("X-Content-Type-Options", "nosniff").header("Content-Disposition", disposition(ctx, file));
    if (matches(ctx.header("If-None-Match"), etag)) {
      ctx.status(304);
    } else if (ctx.method() == HandlerType.HEAD) {
      ctx.status(200).contentType(file.contentType()).header("Content-Length", Long.toString(seen.bytes()));
    } else {
      sendBody(ctx, file, seen, etag);
    }
  }

  private void sendBody(Context ctx, StoredFile file, ObjectStore.Seen seen, String etag) throws IOException {
    Optional<String> range = range(ctx, etag);
    try (ResponseInputStream<GetObjectResponse> body = objects.get(file.key(), range)) {
      boolean isPart = body.response().contentRange() != null;
      ctx.status(isPart ? 206 : 200).contentType(file.contentType());
      if (isPart) {
        ctx.header("Content-Range", body.response().contentRange());
      }
      ctx.header("Content-Length", Long.toString(body.response().contentLength()));
      body.transferTo(ctx.res().getOutputStream());
    } catch (ObjectStoreException e) {
      if (e.status() != NOT_SATISFIABLE) {
        throw e;
      }
      ctx.header("Content-Range", "bytes */" + seen.bytes());
      throw new ApiException(NOT_SATISFIABLE, "range_not_satisfiable", "Range not satisfiable",
          "the file has " + seen.bytes() + " bytes");
    }
  }

  /** The one range asked for. Several at once, other units, and a range of an older version mean the whole file. */
  private static Optional<String> range(Context ctx, String etag) {
    String range = ctx.header("Range");
    String ifRange = ctx.header("If-Range");
    boolean isOfThisVersion = ifRange == null || ifRange.equals(etag);
    boolean isOne = range != null && range.matches("bytes=([0-9]{1,15}-[0-9]{0,15}|-[0-9]{1,15})");
    return isOne && isOfThisVersion ? Optional.of(range) : Optional.empty();
  }

  private static boolean matches(String ifNoneMatch, String etag) {
    if (ifNoneMatch == null) {
      return false;
    }
    for (String candidate : ifNoneMatch.split(",")) {
      String stripped = candidate.strip();
      if (stripped.equals("*") || stripped.equals(etag) || stripped.equals("W/" + etag)) {
        return true;
      }
    }
    return false;
  }

  /** RFC 6266, with the name in the form that holds any character (RFC 8187). */
  private static String disposition(Context ctx, StoredFile file) {
    String type = ctx.queryParam("download") == null ? "inline" : "attachment";
    return type + "; filename*=UTF-8''" + KeySegment.percentEncode(file.name());
  }
}

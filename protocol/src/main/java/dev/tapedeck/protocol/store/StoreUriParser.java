package dev.tapedeck.protocol.store;

import dev.tapedeck.protocol.config.Redacted;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Takes a store URI apart from left to right; one instance per text. */
final class StoreUriParser {
  private static final int MAX_CHARS = 2048;
  private static final String SHAPE = "http://user:password@host:port/bucket/path?path_style=true";
  private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9_](?:[A-Za-z0-9._-]*[A-Za-z0-9_])?|\\[[0-9A-Fa-f:.]+]");
  private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|\\[.*");
  private static final Pattern REGION = Pattern.compile("[A-Za-z0-9-]{1,64}");

  private final String text;

  private String region = StoreUri.DEFAULT_REGION;
  private Boolean pathStyle;

  StoreUriParser(String text) {
    this.text = text;
  }

  StoreUri parse() throws StoreUriException {
    if (text.length() > MAX_CHARS) {
      throw new StoreUriException("the store URI is longer than " + MAX_CHARS + " characters");
    }
    String scheme = scheme();
    String rest = text.substring(scheme.length() + 3);
    String beforeQuery = readQuery(rest);
    int slash = beforeQuery.indexOf('/');
    if (slash < 0) {
      throw new StoreUriException("the store URI names no bucket; write it as " + SHAPE);
    }
    String authority = beforeQuery.substring(0, slash);
    int at = authority.lastIndexOf('@');
    String[] keys = keys(at < 0 ? "" : authority.substring(0, at));
    String[] hostAndPort = hostAndPort(authority.substring(at + 1), scheme);
    String[] bucketAndPath = bucketAndPath(beforeQuery.substring(slash + 1));
    boolean inPath = pathStyle != null ? pathStyle : cannotCarryBucket(hostAndPort[0]);
    return new StoreUri(
        scheme, hostAndPort[0], Integer.parseInt(hostAndPort[1]), bucketAndPath[0], bucketAndPath[1],
        Redacted.of(keys[0]), Redacted.of(keys[1]), region, inPath);
  }

  static int defaultPort(String scheme) {
    return scheme.equals("https") ? 443 : 80;
  }

  private String scheme() throws StoreUriException {
    for (String scheme : new String[] {"http", "https"}) {
      if (text.regionMatches(true, 0, scheme + "://", 0, scheme.length() + 3)) {
        return scheme;
      }
    }
    throw new StoreUriException("the store URI must begin with http:// or https://; write it as " + SHAPE);
  }

  /** Reads the parameters and returns what stands before them. A '?' in the password must be written %3F. */
  private String readQuery(String rest) throws StoreUriException {
    int question = rest.indexOf('?');
    if (question < 0) {
      return rest;
    }
    for (String pair : rest.substring(question + 1).split("&")) {
      readParameter(pair);
    }
    return rest.substring(0, question);
  }

  private void readParameter(String pair) throws StoreUriException {
    int equals = pair.indexOf('=');
    String name = equals < 0 ? pair : pair.substring(0, equals);
    String value = decode(equals < 0 ? "" : pair.substring(equals + 1), "a parameter");
    switch (name) {
      case "" -> { }
      case "path_style" -> pathStyle = flag(value);
      case "region" -> region = value.isEmpty() ? StoreUri.DEFAULT_REGION : region(value);
      default -> throw new StoreUriException("the store URI knows the parameters path_style and region, no others; "
          + "a '?' or '&' within user or password is written %3F or %26");
    }
  }

  private static boolean flag(String value) throws StoreUriException {
    return switch (value) {
      case "", "true", "1" -> true;
      case "false", "0" -> false;
      default -> throw new StoreUriException("path_style must be true or false");
    };
  }

  private static String region(String value) throws StoreUriException {
    if (!REGION.matcher(value).matches()) {
      throw new StoreUriException("region must be a name like " + StoreUri.DEFAULT_REGION);
    }
    return value;
  }

  private static String[] keys(String userInfo) throws StoreUriException {
    int colon = userInfo.indexOf(':');
    if (colon <= 0 || colon == userInfo.length() - 1) {
      throw new StoreUriException("the store URI needs user and password before the host; write it as " + SHAPE
          + ", with '/', '?', '#' and '%' in them written %2F, %3F, %23 and %25");
    }
    return new String[] {
      decode(userInfo.substring(0, colon), "the user"), decode(userInfo.substring(colon + 1), "the password")
    };
  }

  private static String[] hostAndPort(String authority, String scheme) throws StoreUriException {
    int colon = authority.lastIndexOf(':');
    boolean hasPort = colon > authority.lastIndexOf(']');
    String host = hasPort ? authority.substring(0, colon) : authority;
    if (!HOST.matcher(host).matches()) {
      throw new StoreUriException("the store URI has no usable host; write it as " + SHAPE
          + ", with '/' and '@' within user or password written %2F and %40");
    }
    return new String[] {host, hasPort ? port(authority.substring(colon + 1)) : String.valueOf(defaultPort(scheme))};
  }

  private static String port(String digits) throws StoreUriException {
    if (digits.matches("[0-9]{1,5}") && Integer.parseInt(digits) >= 1 && Integer.parseInt(digits) <= 65535) {
      return digits;
    }
    throw new StoreUriException("the port of the store URI must be a number of 1 to 65535");
  }

  private static String[] bucketAndPath(String raw) throws StoreUriException {
    int slash = raw.indexOf('/');
    String bucket = decode(slash < 0 ? raw : raw.substring(0, slash), "the bucket");
    if (!BUCKET.matcher(bucket).matches()) {
      throw new StoreUriException("the bucket of the store URI must be 3 to 63 characters of a-z, 0-9, '.' and '-'");
    }
    return new String[] {bucket, path(slash < 0 ? "" : decode(raw.substring(slash + 1), "the path"))};
  }

  private static String path(String decoded) throws StoreUriException {
    if (decoded.chars().anyMatch(Character::isISOControl)) {
      throw new StoreUriException("the path of the store URI must hold no control characters");
    }
    StringBuilder path = new StringBuilder();
    for (String segment : decoded.split("/")) {
      if (segment.equals(".") || segment.equals("..")) {
        throw new StoreUriException("the path of the store URI must not hold '.' or '..' as a folder");
      }
      if (!segment.isEmpty()) {
        path.append(segment).append('/');
      }
    }
    return path.toString();
  }

  private static boolean cannotCarryBucket(String host) {
    return host.equalsIgnoreCase("localhost") || ADDRESS.matcher(host).matches();
  }

  private static String decode(String raw, String part) throws StoreUriException {
    byte[] bytes = raw.getBytes(StandardCharsets.UTF_8);
    ByteBuffer decoded = ByteBuffer.allocate(bytes.length);
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] != '%') {
        decoded.put(bytes[i]);
        continue;
      }
      boolean hasTwo = i + 2 < bytes.length;
      int high = hasTwo ? Character.digit(bytes[i + 1], 16) : -1;
      int low = hasTwo ? Character.digit(bytes[i + 2], 16) : -1;
      if (high < 0 || low < 0) {
        throw new StoreUriException(part + " of the store URI has a '%' without two hex digits; write '%' as %25");
      }
      decoded.put((byte) (high << 4 | low));
      i += 2;
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(decoded.flip()).toString();
    } catch (CharacterCodingException e) {
      throw new StoreUriException(part + " of the store URI is not UTF-8 once its %XX are decoded");
    }
  }
}

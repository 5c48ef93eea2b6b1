package dev.tapedeck.protocol.token;

import java.nio.charset.StandardCharsets;
import java.util.Set;

/** What a claim may hold, the same for tokens we sign and tokens we read. */
final class TokenRules {
  static final Set<String> ROLES = Set.of("admin", "member");
  static final int MAX_ID_BYTES = 128;

  private TokenRules() {}

  /** Whether the text is 1 to 128 bytes of UTF-8 without control characters or half surrogate pairs. */
  static boolean isId(String text) {
    if (text.isEmpty() || text.length() > MAX_ID_BYTES || !StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      return false;
    }
    return text.codePoints().noneMatch(Character::isISOControl)
        && text.getBytes(StandardCharsets.UTF_8).length <= MAX_ID_BYTES;
  }

  static void checkId(String claim, String text) {
    if (text == null || !isId(text)) {
      throw new IllegalArgumentException(
          claim + " must be 1 to " + MAX_ID_BYTES + " bytes of UTF-8 without control characters");
    }
  }

  static void checkOptionalId(String claim, String text) {
    if (text != null) {
      checkId(claim, text);
    }
  }

  static void checkRole(String role) {
    if (!ROLES.contains(role)) {
      throw new IllegalArgumentException("role must be admin or member");
    }
  }
}

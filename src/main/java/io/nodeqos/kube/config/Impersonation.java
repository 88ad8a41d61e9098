// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.config;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import okhttp3.Headers;

/**
 * The impersonated user: the fields {@code as}, {@code as-uid}, {@code as-groups} and {@code
 * as-user-extra} of a user.
 *
 * @param uid may be empty
 */
public record Impersonation(
    String user, String uid, List<String> groups, Map<String, List<String>> extra) {
  /** What RFC 9110 allows in the name of a header, besides letters and digits. */
  private static final String TOKEN = "!#$&'*+-.^_`|~";

  /** The headers of {@code transport/round_trippers.go} of client-go 1.37. */
  public Headers headers() {
    Headers.Builder headers = new Headers.Builder();
    headers.addUnsafeNonAscii("Impersonate-User", user);
    if (!uid.isEmpty()) {
      headers.addUnsafeNonAscii("Impersonate-Uid", uid);
    }
    groups.forEach(group -> headers.addUnsafeNonAscii("Impersonate-Group", group));
    extra.forEach(
        (key, values) ->
            values.forEach(
                value -> headers.addUnsafeNonAscii("Impersonate-Extra-" + escaped(key), value)));
    return headers.build();
  }

  /**
   * Escapes each byte that is not allowed in the name of a header, and the per cent sign, in
   * hexadecimal.
   */
  private static String escaped(String key) {
    StringBuilder name = new StringBuilder();
    for (byte b : key.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      boolean plain =
          c >= 'a' && c <= 'z'
              || c >= 'A' && c <= 'Z'
              || c >= '0' && c <= '9'
              || TOKEN.indexOf(c) >= 0;
      name.append(plain ? String.valueOf(c) : "%%%02X".formatted((int) c));
    }
    return name.toString();
  }
}

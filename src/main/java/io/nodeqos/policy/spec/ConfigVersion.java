// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.policy.spec;

import com.google.gson.Gson;
import io.nodeqos.node.value.Sha256;
import io.nodeqos.policy.spec.PolicySpec.Sections;
import java.util.Map;
import java.util.TreeMap;

/**
 * Computes configuration versions. Each section has its own digest and the version is computed from
 * the digests, so that a retained section of a policy that is gone keeps its share in the version.
 */
public final class ConfigVersion {
  private static final Gson GSON = new Gson();

  private ConfigVersion() {}

  /** Field to digest, for the configuration sections that are set. */
  public static Map<String, String> digests(Sections sections) {
    Map<String, String> digests = new TreeMap<>();
    sections
        .values()
        .forEach(
            (section, value) ->
                section
                    .canonical(value)
                    .map(form -> Sha256.shortHex(CanonicalSpec.of(section, form)))
                    .ifPresent(digest -> digests.put(section.field(), digest)));
    return digests;
  }

  /** Ten hex digits; empty when no configuration section is set. */
  public static String of(Map<String, String> digests) {
    return digests.isEmpty() ? "" : Sha256.shortHex(GSON.toJson(new TreeMap<>(digests)));
  }
}

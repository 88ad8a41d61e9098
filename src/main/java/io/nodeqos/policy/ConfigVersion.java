// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.policy;

import com.google.gson.Gson;
import io.nodeqos.node.value.Sha256;
import io.nodeqos.policy.PolicySpec.Sections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Names configurations. Each section has a digest of its own and the version is made of these, so
 * that a section which a node keeps of a policy that is gone goes on to count as it did.
 */
final class ConfigVersion {
  private static final Gson GSON = new Gson();

  private ConfigVersion() {}

  /** Section to digest, for the configuration sections that are set. */
  static Map<String, String> digests(Sections s) {
    Map<String, String> digests = new TreeMap<>();
    s.reservation()
        .map(
            r ->
                new Sections(s.reservation(), Optional.empty(), Optional.empty(), Optional.empty()))
        .ifPresent(one -> put(digests, CompiledConfig.RESERVATION, one));
    s.quota()
        .map(q -> new Sections(Optional.empty(), s.quota(), Optional.empty(), Optional.empty()))
        .ifPresent(one -> put(digests, CompiledConfig.QUOTA, one));
    s.images()
        .map(i -> new Sections(Optional.empty(), Optional.empty(), s.images(), Optional.empty()))
        .ifPresent(one -> put(digests, CompiledConfig.IMAGES, one));
    return digests;
  }

  private static void put(Map<String, String> digests, String section, Sections only) {
    digests.put(section, Sha256.shortHex(CanonicalSpec.of(only)));
  }

  /** Ten hex digits; empty when no configuration section is set. */
  static String of(Map<String, String> digests) {
    return digests.isEmpty() ? "" : Sha256.shortHex(GSON.toJson(new TreeMap<>(digests)));
  }
}

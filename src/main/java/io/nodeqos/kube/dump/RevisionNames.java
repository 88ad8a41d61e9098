// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.dump;

import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.nodeqos.policy.PolicyRevision;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The revisions of policies in a dump. Each is a hash over sections, which may have names: once
 * these are replaced, it is another one everywhere.
 */
final class RevisionNames {
  private RevisionNames() {}

  /** The table of names, with the revisions of all policies and of their stored versions. */
  static NameTable added(Spool spool, DumpInfo info, NameTable names) throws IOException {
    NameRedaction redaction = new NameRedaction(names);
    Map<String, String> revisions = new HashMap<>();
    for (String member : List.of(DumpMembers.POLICIES, DumpMembers.REVISIONS)) {
      if (info.members().containsKey(member)) {
        spool.read(
            member,
            object -> {
              String before = revision(member, object);
              revisions.put(before, revision(member, redaction.object(member, object)));
            });
      }
    }
    return names.and(revisions);
  }

  /** The same record of the revisions that a node follows, by policy. */
  static JsonObject redacted(JsonObject byPolicy, NameTable names) {
    JsonObject changed = new JsonObject();
    byPolicy
        .asMap()
        .forEach(
            (policy, revision) ->
                changed.add(
                    names.name(policy),
                    revision instanceof JsonPrimitive text
                        ? new JsonPrimitive(names.name(text.getAsString()))
                        : revision));
    return changed;
  }

  private static String revision(String member, JsonObject object) {
    JsonObject parent = member.equals(DumpMembers.REVISIONS) ? child(object, "data") : object;
    return PolicyRevision.sectionsHash(child(parent, "spec"));
  }

  private static JsonObject child(JsonObject object, String field) {
    return object.get(field) instanceof JsonObject child ? child : new JsonObject();
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.preview.edit;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.policy.spec.Section;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The change of one policy.
 *
 * @param before empty for a new one
 * @param after as it is after the change; for a deleted one with a finalizer, while that holds it;
 *     empty when it is gone at once
 * @param diff the changed fields of its spec
 */
public record PolicyEdit(
    String name,
    Action action,
    Optional<PolicyObject> before,
    Optional<PolicyObject> after,
    List<FieldChange> diff) {

  /** The kinds of changes. */
  public enum Action {
    CREATE,
    UPDATE,
    DELETE,
    UNCHANGED
  }

  public PolicyEdit {
    diff = List.copyOf(diff);
  }

  /** Changes the catalog as a controller does that sees this change. */
  void applyTo(PolicyCatalog catalog) {
    if (action == Action.UNCHANGED) {
      return;
    }
    after.ifPresentOrElse(catalog::apply, () -> catalog.remove(name));
  }

  /** The new version is a dry run: no node follows it. */
  public boolean isDryRun() {
    return after.filter(p -> isTrue(p.spec().get("dryRun"))).isPresent();
  }

  /** The present version is a dry run. */
  public boolean isOfDryRun() {
    return before.filter(p -> isTrue(p.spec().get("dryRun"))).isPresent();
  }

  static boolean isTrue(JsonElement value) {
    return value instanceof JsonPrimitive flag && flag.getAsBoolean();
  }

  /** The policy is deleted already, and only waits until its nodes are cleaned. */
  public boolean isOfDeleted() {
    return before.filter(p -> p.meta().deleting()).isPresent();
  }

  /** The new version, one generation later in mode Continuous; empty when it warms no node up. */
  public Optional<PolicyObject> inModeContinuous() {
    return after
        .filter(p -> p.spec().get(Section.WARM_UP.field()) instanceof JsonObject)
        .map(
            p -> {
              JsonObject spec = p.spec().deepCopy();
              spec.getAsJsonObject(Section.WARM_UP.field()).addProperty("mode", "Continuous");
              return p.withSpec(spec);
            });
  }

  /** The sections that may come out differently on nodes that the policy selects. */
  public Set<Section> sections() {
    Set<Section> changed = EnumSet.noneOf(Section.class);
    for (FieldChange change : diff) {
      Optional<Section> section =
          EnumSet.allOf(Section.class).stream().filter(s -> isOf(change.path(), s)).findFirst();
      if (section.isEmpty()) {
        // Such as the priority, which counts for all sections.
        return present();
      }
      changed.add(section.get());
    }
    return changed;
  }

  private Set<Section> present() {
    Set<Section> all = EnumSet.allOf(Section.class);
    all.removeIf(
        s ->
            before.filter(p -> p.spec().has(s.field())).isEmpty()
                && after.filter(p -> p.spec().has(s.field())).isEmpty());
    return all;
  }

  private static boolean isOf(String path, Section section) {
    String prefix = "spec." + section.field();
    return path.equals(prefix) || path.startsWith(prefix + ".") || path.startsWith(prefix + "[");
  }
}

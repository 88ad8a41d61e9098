// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.preview.edit;

import com.google.gson.JsonObject;
import io.nodeqos.node.Keys;
import io.nodeqos.node.StartupTaintPrefixes;
import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.policy.PolicyDecoder;
import io.nodeqos.policy.PolicyDecoder.Decoded;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.policy.rollout.RolloutRequest;
import io.nodeqos.policy.spec.DeletionPolicy;
import io.nodeqos.policy.spec.Section;
import io.nodeqos.preview.edit.PolicyEdit.Action;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Changes of policies, valid each by itself, and not applied. */
public record PolicyEdits(List<PolicyEdit> edits) {
  public PolicyEdits {
    edits = List.copyOf(edits);
  }

  /**
   * Compares policies with those of a cluster.
   *
   * @param documents each the whole new version of one policy
   * @param deletions names of policies to delete
   * @param present the policies of the cluster
   * @param now the creation of new ones
   * @throws InvalidEditsException with all mistakes, by the rules of the controller
   */
  public static PolicyEdits of(
      List<PolicyDocument> documents,
      Collection<String> deletions,
      Collection<PolicyObject> present,
      Instant now)
      throws InvalidEditsException {
    return of(documents, deletions, present, StartupTaintPrefixes.DEFAULT, now);
  }

  /**
   * The same for a controller whose settings have prefixes of startup taints.
   *
   * @throws InvalidEditsException with all mistakes, by the rules of that controller
   */
  public static PolicyEdits of(
      List<PolicyDocument> documents,
      Collection<String> deletions,
      Collection<PolicyObject> present,
      StartupTaintPrefixes prefixes,
      Instant now)
      throws InvalidEditsException {
    return new Draft(present, new PolicyDecoder(prefixes), now).edits(documents, deletions);
  }

  /** Changes the catalog as a controller does that sees these changes. */
  public void applyTo(PolicyCatalog catalog) {
    edits.forEach(edit -> edit.applyTo(catalog));
  }

  /** Some extended resource of a node may become less, or more. */
  public boolean mayChangeResources() {
    return edits.stream()
        .filter(edit -> edit.action() != Action.UNCHANGED)
        .flatMap(edit -> edit.sections().stream())
        .anyMatch(section -> section == Section.QUOTA || section == Section.RESERVATION);
  }

  public boolean isEmpty() {
    return edits.stream().allMatch(edit -> edit.action() == Action.UNCHANGED);
  }

  private static final class Draft {
    private static final String WAS_IN_FORCE =
        "spec.dryRun: true is not allowed for a policy that is in force; create the dry run under"
            + " another name";

    private final Map<String, PolicyObject> present;
    private final Instant now;
    private final PolicySchema schema = PolicySchema.packaged();
    private final PolicyDecoder decoder;
    private final List<String> problems = new ArrayList<>();
    private final Map<String, PolicyEdit> edits = new LinkedHashMap<>();
    private final Map<String, String> origins = new TreeMap<>();

    Draft(Collection<PolicyObject> present, PolicyDecoder decoder, Instant now) {
      this.present =
          present.stream()
              .collect(Collectors.toMap(PolicyObject::name, p -> p, (a, b) -> b, TreeMap::new));
      this.decoder = decoder;
      this.now = now;
    }

    PolicyEdits edits(List<PolicyDocument> documents, Collection<String> deletions)
        throws InvalidEditsException {
      documents.forEach(this::written);
      deletions.stream().distinct().forEach(this::deleted);
      if (!problems.isEmpty()) {
        throw new InvalidEditsException(problems);
      }
      return new PolicyEdits(List.copyOf(edits.values()));
    }

    private void written(PolicyDocument document) {
      Optional<String> problem = document.problem();
      if (problem.isPresent()) {
        problems.add(document.origin() + ": " + problem.get());
        return;
      }
      String name = document.name();
      if (origins.containsKey(name)) {
        problems.add(
            document.origin()
                + ": policy "
                + name
                + " is given twice, first in "
                + origins.get(name));
        return;
      }
      origins.put(name, document.origin());
      schema.unknownFields(document.object()).forEach(p -> invalid(document, p));
      PolicyObject after = after(document);
      if (decoder.decode(after) instanceof Decoded.Invalid invalid) {
        invalid.problems().forEach(p -> invalid(document, p));
        return;
      }
      PolicyObject before = present.get(name);
      if (isDryRun(after) && before != null && !isDryRun(before)) {
        invalid(document, WAS_IN_FORCE);
        return;
      }
      edits.put(name, edit(name, after));
    }

    private static boolean isDryRun(PolicyObject policy) {
      return PolicyEdit.isTrue(policy.spec().get("dryRun"));
    }

    private void invalid(PolicyDocument document, String mistake) {
      problems.add(document.origin() + ": policy " + document.name() + ": " + mistake);
    }

    private PolicyEdit edit(String name, PolicyObject after) {
      Optional<PolicyObject> before = Optional.ofNullable(present.get(name));
      List<FieldChange> diff =
          PolicyDiff.between(
                  before.map(p -> schema.withDefaults(p.spec())).orElseGet(JsonObject::new),
                  after.spec())
              .stream()
              .filter(change -> before.isPresent() || !isDefault(change))
              .toList();
      Action action =
          before.isEmpty() ? Action.CREATE : diff.isEmpty() ? Action.UNCHANGED : Action.UPDATE;
      return new PolicyEdit(name, action, before, Optional.of(after), diff);
    }

    /** A default that a new policy does not name. */
    private boolean isDefault(FieldChange change) {
      return schema.withDefaults(new JsonObject()).asMap().entrySet().stream()
          .anyMatch(
              field ->
                  change.path().equals("spec." + field.getKey())
                      && change.after().equals(Optional.of(field.getValue())));
    }

    private PolicyObject after(PolicyDocument document) {
      Optional<PolicyObject> before = Optional.ofNullable(present.get(document.name()));
      JsonObject spec = schema.withDefaults(document.spec());
      List<String> finalizers =
          new ArrayList<>(before.map(p -> p.meta().finalizers()).orElse(List.of()));
      // The controller adds it before the policy takes effect.
      if (DeletionPolicy.of(spec) == DeletionPolicy.REMOVE
          && !finalizers.contains(Keys.FINALIZER)
          && before.filter(p -> p.meta().deleting()).isEmpty()) {
        finalizers.add(Keys.FINALIZER);
      }
      PolicyObject.Meta meta =
          before
              .map(
                  p ->
                      new PolicyObject.Meta(
                          p.name(),
                          p.meta().uid(),
                          p.meta().resourceVersion(),
                          p.meta().generation() + 1,
                          p.meta().createdAt(),
                          p.meta().deleting(),
                          finalizers))
              .orElseGet(
                  () ->
                      new PolicyObject.Meta(
                          document.name(),
                          "new-" + document.name(),
                          "",
                          1,
                          now,
                          false,
                          finalizers));
      return new PolicyObject(
          meta,
          spec,
          before.map(PolicyObject::status).orElseGet(JsonObject::new),
          document.confirm().or(() -> before.map(PolicyObject::confirm)).orElse(""),
          before.map(PolicyObject::rolloutRequest).orElse(RolloutRequest.NONE));
    }

    private void deleted(String name) {
      PolicyObject policy = present.get(name);
      if (policy == null) {
        problems.add(
            "--delete is "
                + name
                + ", but there is no such policy"
                + (present.isEmpty()
                    ? "; there are none"
                    : "; there are " + String.join(", ", present.keySet())));
        return;
      }
      if (edits.containsKey(name)) {
        problems.add("--delete is " + name + ", which is in " + origins.get(name) + ", too");
        return;
      }
      edits.put(
          name,
          new PolicyEdit(
              name,
              Action.DELETE,
              Optional.of(policy),
              policy.holdsNodes() ? Optional.of(deleting(policy)) : Optional.empty(),
              PolicyDiff.between(policy.spec(), new JsonObject())));
    }

    private static PolicyObject deleting(PolicyObject policy) {
      PolicyObject.Meta meta = policy.meta();
      return new PolicyObject(
          new PolicyObject.Meta(
              meta.name(),
              meta.uid(),
              meta.resourceVersion(),
              meta.generation() + 1,
              meta.createdAt(),
              true,
              meta.finalizers()),
          policy.spec(),
          policy.status(),
          policy.confirm(),
          policy.rolloutRequest());
    }
  }
}

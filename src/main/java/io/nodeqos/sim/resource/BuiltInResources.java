// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.resource;

import io.nodeqos.sim.model.ResourceType;
import io.nodeqos.sim.model.ResourceType.Names;
import io.nodeqos.sim.model.ResourceType.Trait;
import io.nodeqos.sim.model.TableColumn;
import io.nodeqos.sim.rules.EventConversion;
import io.nodeqos.sim.table.BuiltInColumns;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/** The resources that are served from the start. */
public final class BuiltInResources {
  public static final ResourceType NAMESPACES =
      type(
          "v1",
          Names.of("namespaces", "Namespace", "ns"),
          List.of("status.phase"),
          BuiltInColumns.namespaces(),
          Trait.STATUS,
          Trait.UNCONDITIONAL_UPDATE);

  private static final List<String> EVENT_FIELDS =
      List.of(
          "involvedObject.kind",
          "involvedObject.namespace",
          "involvedObject.name",
          "involvedObject.uid",
          "involvedObject.apiVersion",
          "involvedObject.resourceVersion",
          "involvedObject.fieldPath",
          "reason",
          "reportingComponent",
          "source",
          "type");

  private BuiltInResources() {}

  public static List<ResourceType> all() {
    return List.of(
        NAMESPACES,
        type(
            "v1",
            Names.of("nodes", "Node", "no"),
            List.of("spec.unschedulable"),
            BuiltInColumns.nodes(),
            Trait.STATUS,
            Trait.UNCONDITIONAL_UPDATE),
        type(
            "v1",
            Names.of("pods", "Pod", "po"),
            List.of(
                "spec.nodeName",
                "spec.restartPolicy",
                "spec.schedulerName",
                "spec.serviceAccountName",
                "spec.hostNetwork",
                "status.phase",
                "status.podIP",
                "status.nominatedNodeName"),
            BuiltInColumns.pods(),
            Trait.NAMESPACED,
            Trait.STATUS,
            Trait.UNCONDITIONAL_UPDATE,
            Trait.RETURNS_DELETED),
        simple("configmaps", "ConfigMap", "cm"),
        simple("secrets", "Secret"),
        type(
            "v1",
            Names.of("serviceaccounts", "ServiceAccount", "sa"),
            List.of(),
            BuiltInColumns.plain(),
            Trait.NAMESPACED,
            Trait.UNCONDITIONAL_UPDATE,
            Trait.RETURNS_DELETED),
        event("v1"),
        event("events.k8s.io/v1"),
        workload("daemonsets", "DaemonSet", "ds", BuiltInColumns.daemonSets()),
        workload("deployments", "Deployment", "deploy", BuiltInColumns.plain()),
        type(
            "apps/v1",
            Names.of("controllerrevisions", "ControllerRevision"),
            List.of(),
            BuiltInColumns.plain(),
            Trait.NAMESPACED,
            Trait.UNCONDITIONAL_UPDATE),
        type(
            "storage.k8s.io/v1",
            Names.of("csinodes", "CSINode"),
            List.of(),
            BuiltInColumns.plain()),
        type(
            "coordination.k8s.io/v1",
            Names.of("leases", "Lease"),
            List.of(),
            BuiltInColumns.leases(),
            Trait.NAMESPACED,
            Trait.CREATE_ON_UPDATE),
        type(
            CustomResources.GROUP + "/v1",
            Names.of(CustomResources.PLURAL, "CustomResourceDefinition", "crd", "crds"),
            List.of(),
            BuiltInColumns.definitions(),
            Trait.STATUS,
            Trait.GENERATION));
  }

  private static ResourceType simple(String plural, String kind, String... shortNames) {
    return type(
        "v1",
        Names.of(plural, kind, shortNames),
        List.of(),
        BuiltInColumns.plain(),
        Trait.NAMESPACED,
        Trait.UNCONDITIONAL_UPDATE);
  }

  private static ResourceType workload(
      String plural, String kind, String shortName, List<TableColumn> columns) {
    return type(
        "apps/v1",
        Names.of(plural, kind, shortName),
        List.of(),
        columns,
        Trait.NAMESPACED,
        Trait.STATUS,
        Trait.GENERATION,
        Trait.UNCONDITIONAL_UPDATE);
  }

  private static ResourceType event(String apiVersion) {
    ResourceType plain =
        type(
            apiVersion,
            Names.of("events", "Event", "ev"),
            EVENT_FIELDS,
            BuiltInColumns.events(),
            Trait.NAMESPACED,
            Trait.UNCONDITIONAL_UPDATE,
            Trait.CREATE_ON_UPDATE);
    if (apiVersion.equals("v1")) {
      return plain;
    }
    return new ResourceType(
        plain.group(),
        plain.version(),
        plain.names(),
        plain.traits(),
        plain.selectableFields(),
        new ResourceType.Form(plain.form().columns(), null, EventConversion.view()));
  }

  private static ResourceType type(
      String apiVersion,
      Names names,
      List<String> selectable,
      List<TableColumn> columns,
      Trait... traits) {
    int slash = apiVersion.indexOf('/');
    Set<Trait> set = EnumSet.noneOf(Trait.class);
    set.addAll(Arrays.asList(traits));
    return new ResourceType(
        slash < 0 ? "" : apiVersion.substring(0, slash),
        apiVersion.substring(slash + 1),
        names,
        Set.copyOf(set),
        selectable,
        new ResourceType.Form(
            columns,
            null,
            new ResourceType.View(apiVersion, UnaryOperator.identity(), UnaryOperator.identity())));
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.config;

import io.nodeqos.kube.config.ExecSettings.InteractiveMode;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the user of a kubeconfig by the rules of {@code tools/clientcmd} of client-go 1.37
 * (validateAuthInfo, getUserIdentificationPartialConfig). Adds a clause for each problem.
 */
final class UserReader {
  private static final Set<String> FIELDS =
      Set.of(
          "client-certificate",
          "client-certificate-data",
          "client-key",
          "client-key-data",
          "token",
          "tokenFile",
          "as",
          "as-uid",
          "as-groups",
          "as-user-extra",
          "username",
          "password",
          "auth-provider",
          "exec",
          "extensions");
  private static final Set<String> EXEC_FIELDS =
      Set.of(
          "apiVersion",
          "command",
          "args",
          "env",
          "installHint",
          "interactiveMode",
          "provideClusterInfo");
  private static final String BETA = "client.authentication.k8s.io/v1beta1";

  private final KubeconfigEntry user;
  private final KubeconfigEntry cluster;
  private final List<String> problems;

  UserReader(KubeconfigEntry user, KubeconfigEntry cluster, List<String> problems) {
    this.user = user;
    this.cluster = cluster;
    this.problems = problems;
  }

  UserCredentials credentials() {
    user.onlyKnows(FIELDS, problems);
    UserCredentials credentials =
        new UserCredentials(
            user.string("token", problems),
            user.path("tokenFile", problems),
            new UserCredentials.Basic(
                user.string("username", problems), user.string("password", problems)),
            pem(user, "client-certificate", problems),
            pem(user, "client-key", problems),
            exec());
    if (credentials.hasToken() && credentials.hasBasic()) {
      problems.add(user.what() + " has both a token and a username, only one is allowed");
    }
    if (credentials.certificate().isPresent() && !credentials.key().isPresent()) {
      problems.add(user.what() + " has a client-certificate but no client-key");
    }
    authProvider();
    return credentials;
  }

  /** A file, or data in its place; adds a clause when both are given or the file is missing. */
  static PemSource pem(KubeconfigEntry entry, String field, List<String> problems) {
    PemSource source =
        new PemSource(entry.path(field, problems), entry.base64(field + "-data", problems));
    if (source.file().isPresent() && !source.data().isEmpty()) {
      problems.add(
          "%s has both %s and %s-data, only one is allowed".formatted(entry.what(), field, field));
    } else if (source.isFile() && !Files.isReadable(source.file().get())) {
      problems.add(
          "the file %s, %s of %s, cannot be read"
              .formatted(source.file().get(), field, entry.what()));
    }
    return source;
  }

  private void authProvider() {
    if (user.fields().get("auth-provider") == null) {
      return;
    }
    String name =
        user.mapping("auth-provider", problems).map(p -> p.string("name", problems)).orElse("");
    problems.add(
        "the auth-provider \"%s\" of %s is not supported, use a credential plug-in (exec)"
            .formatted(name, user.what()));
  }

  /** As with kubectl, each field that is given takes the place of that of the user. */
  Optional<Impersonation> impersonation(ConnectionOverrides overrides) {
    String name = user.string("as", problems);
    List<String> groups = user.strings("as-groups", problems);
    Impersonation as =
        new Impersonation(
            overrides.as().isEmpty() ? name : overrides.as(),
            user.string("as-uid", problems),
            overrides.asGroups().isEmpty() ? groups : overrides.asGroups(),
            user.stringLists("as-user-extra", problems));
    if (!as.user().isEmpty()) {
      return Optional.of(as);
    }
    if (!overrides.asGroups().isEmpty()) {
      problems.add("--as-group needs --as");
    } else if (!as.uid().isEmpty() || !as.groups().isEmpty() || !as.extra().isEmpty()) {
      problems.add(user.what() + " has as-uid, as-groups or as-user-extra without as");
    }
    return Optional.empty();
  }

  private Optional<ExecSettings> exec() {
    return user.mapping("exec", problems).map(this::exec);
  }

  private ExecSettings exec(KubeconfigEntry exec) {
    exec.onlyKnows(EXEC_FIELDS, problems);
    String apiVersion = exec.string("apiVersion", problems);
    if (!ExecSettings.API_VERSIONS.contains(apiVersion)) {
      problems.add(
          "apiVersion of %s is \"%s\", must be one of %s"
              .formatted(
                  exec.what(),
                  apiVersion,
                  String.join(", ", ExecSettings.API_VERSIONS.stream().sorted().toList())));
    }
    return new ExecSettings(
        apiVersion,
        command(exec),
        environment(exec),
        exec.string("installHint", problems),
        mode(exec, apiVersion),
        exec.flag("provideClusterInfo", problems),
        cluster.extension(ExecSettings.EXTENSION, problems));
  }

  private List<String> command(KubeconfigEntry exec) {
    String program = exec.string("command", problems);
    if (program.isEmpty()) {
      problems.add(exec.what() + " has no command");
    }
    // A bare name is looked for in PATH; any other is relative to the kubeconfig.
    String resolved =
        program.contains("/") ? exec.directory().resolve(program).normalize().toString() : program;
    List<String> command = new ArrayList<>(List.of(resolved));
    command.addAll(exec.strings("args", problems));
    return command;
  }

  private Map<String, String> environment(KubeconfigEntry exec) {
    Map<String, String> environment = new LinkedHashMap<>();
    for (KubeconfigEntry variable : exec.mappings("env", problems)) {
      String name = variable.string("name", problems);
      if (name.isEmpty()) {
        problems.add(variable.what() + " has an entry without a name");
      }
      environment.put(name, variable.string("value", problems));
    }
    return environment;
  }

  private InteractiveMode mode(KubeconfigEntry exec, String apiVersion) {
    String text = exec.string("interactiveMode", problems);
    if (text.isEmpty() && apiVersion.equals(BETA)) {
      return InteractiveMode.IF_AVAILABLE;
    }
    Optional<InteractiveMode> mode = InteractiveMode.of(text);
    if (mode.isEmpty()) {
      problems.add(
          "interactiveMode of %s is \"%s\", must be Never, IfAvailable or Always"
              .formatted(exec.what(), text));
    }
    return mode.orElse(InteractiveMode.NEVER);
  }
}

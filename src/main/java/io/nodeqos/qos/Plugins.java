// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.qos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.ServiceLoader.Provider;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/** Finds QoS workers: the built-in ones, others on the class path, and those in jars. */
final class Plugins {
  /** Reading stops at a provider file with more mistakes. */
  private static final int MAX_MISTAKES = 16;

  private Plugins() {}

  /**
   * A plug-in worker that has not been created yet: its constructor is already foreign code, which
   * may block or throw.
   */
  static final class Candidate {
    private final String from;
    private final ClassLoader classes;
    private final Callable<QosWorker> make;

    /**
     * @param from names it in messages: its jar or class
     * @param classes the class loader of its code
     * @param make throws a {@link PluginProblem} when it is known that it cannot be created
     */
    Candidate(String from, ClassLoader classes, Callable<QosWorker> make) {
      this.from = from;
      this.classes = classes;
      this.make = make;
    }

    String from() {
      return from;
    }

    ClassLoader classes() {
      return classes;
    }

    Callable<QosWorker> make() {
      return make;
    }
  }

  /**
   * The workers on the class path.
   *
   * @param builtIn receives the built-in workers
   */
  static List<Candidate> onClassPath(Consumer<QosWorker> builtIn) {
    List<Candidate> plugins = new ArrayList<>();
    for (Provider<QosWorker> provider :
        providers(ServiceLoader.load(QosWorker.class), "the class path", plugins, p -> true)) {
      if (isOurs(provider.type())) {
        builtIn.accept(provider.get());
      } else {
        plugins.add(candidate(provider, provider.type().getName()));
      }
    }
    return plugins;
  }

  /** From the same jar, or directory of classes, as the plug-in interface itself. */
  private static boolean isOurs(Class<?> type) {
    return location(type).isPresent() && location(type).equals(location(QosWorker.class));
  }

  /** As text: comparing URLs asks the network for host names. */
  private static Optional<String> location(Class<?> type) {
    return Optional.ofNullable(type.getProtectionDomain().getCodeSource())
        .map(CodeSource::getLocation)
        .map(URL::toString);
  }

  /** The workers in the jars of a directory, in the order of the jars' names. */
  static List<Candidate> in(Path directory) {
    List<Candidate> found = new ArrayList<>();
    try (Stream<Path> files = Files.list(directory)) {
      files
          .filter(file -> file.toString().endsWith(".jar") && !Files.isDirectory(file))
          .sorted()
          .forEach(jar -> found.addAll(inJar(jar)));
    } catch (IOException | UncheckedIOException e) {
      found.add(failed(directory.toString(), "the directory cannot be read: " + e, e));
    }
    return found;
  }

  /** Each jar has its own class loader, so that plug-ins do not share libraries. */
  private static List<Candidate> inJar(Path jar) {
    String name = String.valueOf(jar.getFileName());
    List<Candidate> found = new ArrayList<>();
    try (JarFile readable = new JarFile(jar.toFile())) {
      // Never closed: its classes are loaded as they are needed, until the process ends.
      ClassLoader classes =
          new URLClassLoader(
              readable.getName(), new URL[] {jar.toUri().toURL()}, Plugins.class.getClassLoader());
      for (Provider<QosWorker> provider :
          providers(
              ServiceLoader.load(QosWorker.class, classes),
              name,
              found,
              p -> p.type().getClassLoader() == classes)) {
        found.add(candidate(provider, name + "!" + provider.type().getName()));
      }
      if (found.isEmpty()) {
        found.add(
            failed(name, "no class is named in META-INF/services/" + QosWorker.class.getName()));
      }
    } catch (IOException e) {
      found.add(failed(name, "the file cannot be read as a jar: " + e, e));
    }
    return found;
  }

  private static Candidate candidate(Provider<QosWorker> provider, String from) {
    return new Candidate(from, provider.type().getClassLoader(), provider::get);
  }

  private static Candidate failed(String from, String clause) {
    return failed(from, clause, null);
  }

  private static Candidate failed(String from, String clause, Throwable cause) {
    return new Candidate(
        from,
        Plugins.class.getClassLoader(),
        () -> {
          throw new PluginProblem(clause, cause);
        });
  }

  /** A mistake in one provider file does not hide the others. */
  private static List<Provider<QosWorker>> providers(
      ServiceLoader<QosWorker> loader,
      String from,
      List<Candidate> failed,
      Predicate<Provider<QosWorker>> wanted) {
    List<Provider<QosWorker>> providers = new ArrayList<>();
    Iterator<Provider<QosWorker>> all = loader.stream().iterator();
    int mistakes = 0;
    while (mistakes < MAX_MISTAKES) {
      try {
        if (!all.hasNext()) {
          break;
        }
        Provider<QosWorker> provider = all.next();
        if (wanted.test(provider)) {
          providers.add(provider);
        }
      } catch (ServiceConfigurationError | LinkageError mistake) {
        mistakes++;
        failed.add(failed(from, mistake.toString(), mistake));
      }
    }
    return providers;
  }
}

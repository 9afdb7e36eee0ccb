namespace FunctionsHost;

/// <summary>The command line cannot be followed; the message says why.</summary>
internal sealed class ProgramOptionsException(string message) : Exception(message);

namespace FinxFunctions.Hosting;

/// <summary>The app cannot start. The message tells its operator what to do.</summary>
public sealed class StartUpException(string message, Exception? cause = null) : Exception(message, cause);

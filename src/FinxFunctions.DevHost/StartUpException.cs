namespace FinxFunctions.DevHost;

/// <summary>DevHost cannot start, and <see cref="Exception.Message"/> says to its user what to do.</summary>
public sealed class StartUpException(string message, Exception? cause = null) : Exception(message, cause);

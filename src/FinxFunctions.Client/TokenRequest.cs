namespace FinxFunctions.Client;

internal sealed record TokenRequest(int? MinValidity, int? RejectedGeneration);

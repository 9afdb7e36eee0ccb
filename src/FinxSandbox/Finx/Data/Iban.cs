using System.Globalization;
using System.Numerics;

namespace FinxSandbox.Finx.Data;

/// <summary>Makes IBANs whose check digits are right (ISO 13616).</summary>
internal static class Iban
{
    private const string GermanyInDigits = "131400";

    public static string German(string bankCode, string accountNumber)
    {
        var account = bankCode + accountNumber.PadLeft(10, '0');
        var check = 98 - (int)(BigInteger.Parse(account + GermanyInDigits, CultureInfo.InvariantCulture) % 97);
        return string.Create(CultureInfo.InvariantCulture, $"DE{check:00}{account}");
    }
}

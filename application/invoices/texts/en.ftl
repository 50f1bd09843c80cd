# Texts of printed invoices and credit notes.

invoice = Invoice
credit-note = Credit note
labels =
    .number = Number
    .date = Date
    .seller = Seller
    .buyer = Buyer
    .unnamed = Customer
    .description = Description
    .amount = Amount
    .tax = Tax
    .net = Without tax
    .credit = Credit for the days left of the earlier plan
    .total = Total
    .payment = Payment
    .refers = Corrects invoice
values =
    .date = { $date }
    .description = Subscription to the plan “{ $plan }”
    .price = { $price }
    .credit = { $credit }
    .net = { $net }
    .tax_rate = { $rate }
    .tax = { $tax }
    .total = { $total }

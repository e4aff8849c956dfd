#!/bin/sh
# Makes the certificates of this folder anew, in the current directory. The authority's key is thrown away: nobody can
# sign anything else with it. Valid from 2020 to 2119, so that no test ends with a certificate.
set -e
printf '[ca]\ndefault_ca=d\n[d]\ndatabase=index.txt\nnew_certs_dir=.\ncertificate=ca.pem\nprivate_key=ca.key\nserial=serial.txt\ndefault_md=sha256\npolicy=p\n[p]\ncommonName=supplied\n' > ca.cnf
selfsign() { # name, key, subject, extensions
  openssl req -new -key $2 -subj "/CN=$3" -out $1.csr
  printf "$4" > $1.ext
  : > index.txt; rm -f serial.txt; echo unique_subject=no > index.txt.attr
  openssl ca -batch -config ca.cnf -selfsign -keyfile $2 -in $1.csr -out $1.pem -notext -extfile $1.ext -startdate 20200101000000Z -enddate 21190101000000Z -create_serial 2>>err.log
}
openssl ecparam -name prime256v1 -genkey -noout -out ca.key
selfsign ca ca.key "tunegate test authority" 'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\n'
openssl ecparam -name prime256v1 -genkey -noout -out server.key
sign() { # name, subjectAltName, start, end
  openssl req -new -key server.key -subj "/CN=$1" -out $1.csr
  printf 'subjectAltName=%s\nbasicConstraints=critical,CA:FALSE\nextendedKeyUsage=serverAuth\n' "$2" > $1.ext
  : > index.txt; rm -f serial.txt; echo unique_subject=no > index.txt.attr
  openssl ca -batch -config ca.cnf -in $1.csr -out $1.pem -notext -extfile $1.ext -startdate $3 -enddate $4 -create_serial 2>>err.log
}
LOCAL='DNS:localhost,DNS:files.test,IP:127.0.0.1,IP:::1'
sign server "$LOCAL" 20200101000000Z 21190101000000Z
sign expired "$LOCAL" 20200101000000Z 20210101000000Z
sign elsewhere 'DNS:elsewhere.test' 20200101000000Z 21190101000000Z
selfsign self-signed server.key localhost "subjectAltName=$LOCAL\n"
rm -f *.csr *.ext index.txt* serial.txt* *.pem.old [0-9A-F]*.pem ca.cnf ca.key err.log
